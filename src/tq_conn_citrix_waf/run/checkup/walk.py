"""The whole walk, area by area; see ``checkup``."""

from collections.abc import Generator, Iterator, Sequence

from tq_conn_citrix_waf.errors import ConnectorError
from tq_conn_citrix_waf.run.checkup import netscaler, threatq
from tq_conn_citrix_waf.run.checkup.finding import Area, Finding, State
from tq_conn_citrix_waf.run.checkup.host import Places, beyond, configuration, host
from tq_conn_citrix_waf.run.checkup.messages import messages
from tq_conn_citrix_waf.run.site import Outside
from tq_conn_citrix_waf.secrets import keep


def checkup(
    places: Places, ca_file: str, outside: Outside, *, message: bool = False
) -> Generator[Finding, None, None]:
    """Yield what was found, row by row, while it is looked at.

    Args:
        places: the directories of a run.
        ca_file: beats the file's.
        outside: clock and transports.
        message: whether to send a trial message to people.
    """
    first, file = configuration(places.directory)
    yield first
    yield from host(places, outside.clock)
    if file is None:
        why = "there is no good configuration"
        yield from _unchecked(Area.THREATQ, threatq.NAMES, why)
        yield from _unchecked(Area.NETSCALER, netscaler.NAMES, why)
        return
    yield from beyond(file)
    yield from messages(file, outside, send=message)
    learnt = threatq.Learnt()
    source = threatq.threatq(file, ca_file, outside, learnt)
    yield from _whole(Area.THREATQ, threatq.NAMES, source)
    settings = learnt.settings
    if settings is None:
        try:
            settings = threatq.merged(file, None)
        except ConnectorError:
            why = "where it is and who signs in is not known"
            yield from _unchecked(Area.NETSCALER, netscaler.NAMES, why)
            return
    keep(settings.password)
    target = netscaler.netscaler(file, settings, ca_file, outside, learnt)
    yield from _whole(Area.NETSCALER, netscaler.NAMES, target)


def _whole(
    area: Area, names: Sequence[str], findings: Iterator[Finding]
) -> Iterator[Finding]:
    """Yield the findings, and after them what they did not come to."""
    come, failed = set(), ""
    for finding in findings:
        come.add(finding.name)
        if finding.state is State.FAIL:
            failed = finding.name
        yield finding
    left = [name for name in names if name not in come]
    yield from _unchecked(area, left, f"it needs: {failed}")


def _unchecked(area: Area, names: Sequence[str], why: str) -> Iterator[Finding]:
    for name in names:
        yield area.unchecked(name, why)
