"""What people do to the appliance at once, while everything around may be away.

1. The settings are those of the form where ThreatQ answers within seconds, else those
   of the last run, with what the file has; only a password may have to be asked for.
2. What is done is a plan as any other: applied, saved and read back the same way.
3. Entries of others are named, with the command that removes them, never touched.
"""

from array import array
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Thread

from tq_conn_citrix_waf.config import File
from tq_conn_citrix_waf.core.dataset import Binding, Dataset
from tq_conn_citrix_waf.core.merge import stand_in
from tq_conn_citrix_waf.core.plan import Plan, plan
from tq_conn_citrix_waf.core.ranges import AddressRange, Family, Ranges
from tq_conn_citrix_waf.errors import (
    ConfigurationError,
    ConnectorError,
    SourceUnreachableError,
)
from tq_conn_citrix_waf.log import log
from tq_conn_citrix_waf.run.apply import Tell
from tq_conn_citrix_waf.run.carry import carry_out, look
from tq_conn_citrix_waf.run.job import Job
from tq_conn_citrix_waf.run.record import record
from tq_conn_citrix_waf.run.recording import fault, quietly, written
from tq_conn_citrix_waf.run.report import Change, Report
from tq_conn_citrix_waf.run.site import (
    Outside,
    open_session,
    put_together,
    read_settings,
)
from tq_conn_citrix_waf.settings import LABELS, Settings, settle
from tq_conn_citrix_waf.store.known import Known, recall
from tq_conn_citrix_waf.store.lock import waited
from tq_conn_citrix_waf.store.records import Act
from tq_conn_citrix_waf.threatq.collections import split_names

FORM_SECONDS = 3.0
"""So long ThreatQ may take for its form."""

_RUNS, _SHOWN = 10_000, 5

Ask = Callable[[str, str], str]
"""Returns the password of a user (its first argument) of an appliance."""


@dataclass(frozen=True, slots=True)
class Means:
    """What an emergency is met with; ``ask`` gets a password that nothing else has."""

    file: File
    ca_file: str
    outside: Outside
    tell: Tell
    ask: Ask


@contextmanager
def alone(means: Means) -> Iterator[None]:
    """Hold the lock; another run is waited for.

    Raises:
        LockedError: it takes too long.
    """
    with waited(means.file.path.parent, means.outside.clock):
        yield


def job_now(
    means: Means, choose: Callable[[Settings], Settings] = lambda settings: settings
) -> tuple[Job, Report]:
    """Put together what is worked with, whatever is away.

    Args:
        means: what there is.
        choose: changes the settings, where a person named others.

    Raises:
        ConnectorError: nothing tells the appliance, its set, or the password.
    """
    settings = choose(settings_now(means))
    file, outside, ca_file = means.file, means.outside, means.ca_file
    session = open_session(file, ca_file, outside, attempts=1)
    return put_together(file, settings, session, ca_file, means.tell, outside)


def settings_now(means: Means) -> Settings:
    """Return the settings of the form, or else those of the last run.

    Raises:
        ConnectorError: neither is there, or the file contradicts.
    """
    file = means.file
    try:
        settings = _quickly(means)
        if settings.url and settings.password and settings.block_list:
            return settings
        words = "the form in ThreatQ is not filled in"
    except ConnectorError as error:
        last = recall(file.path.parent)
        if last is None or not file.flag("threatq", "form", default=True):
            raise
        words = error.what
    else:
        last = recall(file.path.parent)
    if last is None:
        return settings
    log.warning("%s: the settings of the last run are taken", words)
    return _as_last(means, last)


def _as_last(means: Means, last: Known) -> Settings:
    own = means.file.sections.get("netscaler", {})
    fields: dict[str, str | bool | None] = {
        "host": last.url,
        "username": last.username,
        "block_list": last.block_list,
        "https": None if "host" in own else last.url.startswith("https"),
    }
    by_label = {LABELS[key]: value for key, value in fields.items()}
    by_label[LABELS["data_collections"]] = ", ".join(last.collections)
    if not own.get("password"):
        user, url = str(own.get("username", last.username)), last.url
        by_label[LABELS["password"]] = means.ask(user, url)
    return settle(means.file, by_label, lambda _: [*last.collections], enabled=True)


def _quickly(means: Means) -> Settings:
    """Read the form in a thread of its own: no network keeps a person waiting.

    Raises:
        ConnectorError: it was not to be had in time.
    """
    file = means.file
    if not file.flag("threatq", "form", default=True):
        return settle(file, None, split_names, enabled=True)
    got: list[Settings | BaseException] = []

    def read() -> None:
        try:
            session = open_session(file, means.ca_file, means.outside, attempts=1)
            got.append(read_settings(file, session))
        except BaseException as error:  # noqa: BLE001  # raised again by who waits
            got.append(error)

    thread = Thread(target=read, daemon=True)
    thread.start()
    thread.join(FORM_SECONDS)
    if not got:
        raise SourceUnreachableError(
            f"ThreatQ did not give its form within {FORM_SECONDS:.0f} s",
            "check that it is up",
        )
    if isinstance(got[0], BaseException):
        raise got[0]
    return got[0]


def do(
    job: Job,
    report: Report,
    act: Act,
    make: Mapping[Family, Callable[[Dataset], Plan]],
    agree: Callable[[Report], None] = lambda _: None,
) -> None:
    """Carry out plans of a person's making, save, read back and record.

    Args:
        job: what to work with; the lock is held.
        report: filled in.
        act: who does what and why.
        make: returns the plan for a data set as it was just read, by family.
        agree: sees the plans; raises where they are not to be carried out.

    Raises:
        ConnectorError: it could not be finished.
    """
    started, failure, agreed = job.clock.now(), None, False
    try:
        with job.open_targets() as targets:
            pairs = zip(job.memories, targets, strict=True)
            chosen = {family: one for family, one in pairs if family in make}
            read = look(chosen, report, job.clock)
            plans = [make[dataset.family](dataset) for dataset in read]
            report.changes = [Change(one, one, one) for one in plans]
            agree(report)
            agreed = True
            carry_out(job, [*chosen.values()], report)
        report.judge()
    except ConnectorError as error:
        if report.changes and not agreed:
            raise
        failure = error
    except Exception as error:
        if agreed:
            with quietly():
                _keep(job, report, act, started, fault(error))
        raise
    _keep(job, report, act, started, failure)
    if failure is not None:
        raise failure


def _keep(
    job: Job,
    report: Report,
    act: Act,
    started: datetime,
    failure: ConnectorError | None,
) -> None:
    ended = job.clock.now()
    run = record(report, started, ended, failure)
    written(job, report, ended, replace(run, act=act))


def without(
    network: AddressRange, instance: str, due: Ranges | None
) -> Callable[[Dataset], Plan]:
    """Return what plans that nothing of ours holds a network.

    What is left of a wider entry is bound again, in pieces.

    Args:
        network: to be let through.
        instance: whose mark makes an entry ours.
        due: what is to stand on the set; what is left of it beside the network is
            bound, too, so that a run that died half-way is finished. None: nothing is.
    """

    def make(dataset: Dataset) -> Plan:
        ours = dataset.owner(instance)
        rows = zip(dataset.pairs(), dataset.owners, strict=True)
        stands = [ends for ends, owner in rows if owner == ours]
        if due is not None:
            first, last = network.first, network.last
            stands += [e for e in due.pairs() if e[0] <= last and e[1] >= first]
        open_ = Ranges.of(network.family, [(network.first, network.last)])
        wanted = Ranges.of(network.family, stands).subtract(open_)
        return towards(wanted, instance)(dataset)

    return make


def towards(wanted: Ranges, instance: str) -> Callable[[Dataset], Plan]:
    """Return what plans that ours is exactly this."""
    desired = stand_in(wanted, array("q", bytes(8 * len(wanted))), 0)
    return lambda dataset: plan(desired, dataset, instance)


def before(job: Job, number: int) -> tuple[dict[Family, Ranges], datetime]:
    """Return what a generation wanted, and those beside it; and of when it is.

    Beside it: of the last run that had it, so that the other collections go back no
    further than they must.

    Raises:
        ConfigurationError: it is not kept.
    """
    found = job.ledger.generation(number)
    runs = job.ledger.runs(_RUNS)
    run = next((run for run in runs if number in run.generations), None)
    if found is None or run is None:
        known = ", ".join(str(line.number) for line in job.ledger.generations(_SHOWN))
        raise ConfigurationError(
            f"generation {number} is not kept, or no run of it; the last ones are:"
            f" {known or 'none'}",
            "take one that history --generations names",
        )
    wanted: dict[Family, Ranges] = {}
    for each in run.generations:
        one = job.ledger.generation(each)
        if one is None:
            raise ConfigurationError(
                f"generation {each} was of the same run, and is not kept any more",
                "take a later one, as history --generations names it",
            )
        family = one.wanted.family
        wanted[family] = wanted.get(family, Ranges.empty(family)).union(one.wanted)
    return wanted, found.at


def others(
    report: Report, network: AddressRange, instance: str
) -> Iterator[tuple[str, Binding]]:
    """Yield what others bound over a network, each with the name of its set."""
    for dataset in (change.standing for change in report.changes):
        if dataset is None:
            continue
        ours = dataset.owner(instance)
        for row, (first, last) in enumerate(dataset.pairs()):
            meets = first <= network.last and last >= network.first
            if meets and dataset.owners[row] != ours:
                yield dataset.name, dataset.binding(row)
