"""Put together what a run works with: the file, the form, both systems, the lock.

The only place where the two adapters meet.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from tq_conn_citrix_waf.clock import SystemClock
from tq_conn_citrix_waf.config import File
from tq_conn_citrix_waf.core.ports import Clock, Source, Target
from tq_conn_citrix_waf.http import Patience, Transport
from tq_conn_citrix_waf.log import log
from tq_conn_citrix_waf.netscaler.dataset import BlockList
from tq_conn_citrix_waf.netscaler.nitro import Nitro
from tq_conn_citrix_waf.run import reach
from tq_conn_citrix_waf.run.apply import Tell
from tq_conn_citrix_waf.run.hand import left_behind, refuse_paused, stopped
from tq_conn_citrix_waf.run.hosts import Hosts
from tq_conn_citrix_waf.run.job import Job, approvals, policy
from tq_conn_citrix_waf.run.lists import Lists
from tq_conn_citrix_waf.run.messages import telling
from tq_conn_citrix_waf.run.origins import Around, here, in_threatq, nearby
from tq_conn_citrix_waf.run.protected import Protection, protect
from tq_conn_citrix_waf.run.recording import Recording
from tq_conn_citrix_waf.run.report import Report
from tq_conn_citrix_waf.run.sync import run_once
from tq_conn_citrix_waf.secrets import keep
from tq_conn_citrix_waf.settings import Settings, settle
from tq_conn_citrix_waf.store.accepted import Accepted
from tq_conn_citrix_waf.store.consents import Consents
from tq_conn_citrix_waf.store.known import known, recall, remember
from tq_conn_citrix_waf.store.ledger import Ledger
from tq_conn_citrix_waf.store.lock import lock
from tq_conn_citrix_waf.store.spared import Spared
from tq_conn_citrix_waf.threatq import connector
from tq_conn_citrix_waf.threatq.collections import Threatq, split_names
from tq_conn_citrix_waf.threatq.session import Credentials, PrivateCredentials, Session
from tq_conn_citrix_waf.trust import Trust

Work = Callable[[Job, Report, str], None]
"""Works with both systems, and fills in the report as it goes."""

_jitter = random.SystemRandom().random


@dataclass(frozen=True, slots=True)
class Outside:
    """What a run reaches the world by; a test gives its own.

    ``transport`` makes one from what is trusted and the proxy ('' = none); ``hosts``
    knows the addresses of names.
    """

    clock: Clock = field(default_factory=SystemClock)
    transport: Callable[[Trust, str], Transport] = reach.wire
    hosts: Hosts = field(default_factory=Hosts)


def run_site(
    file: File,
    ca_file: str,
    tell: Tell,
    outside: Outside,
    exact: str = "",
    work: Work = run_once,
) -> Report | None:
    """Run once with what a file and its form say; None where it is switched off.

    Args:
        file: the configuration file.
        ca_file: beats the file's, for this run.
        tell: told of progress.
        outside: clock and transports.
        exact: the digest of the one plan that may be carried out, whole; '' for any.
        work: what is done under the lock and for the record, if it is no run.

    Raises:
        ConnectorError: the run could not be finished.
    """
    told = telling(file, outside.clock, outside.transport)
    with told, lock(file.path.parent):
        recording = Recording(file, outside.clock)
        if exact or work is not run_once:
            refuse_paused(file.path.parent)
        with recording.watching():
            job, report, enabled = prepare(file, ca_file, tell, outside)
            if not enabled:
                return None
            last = recall(file.path.parent)
            for line in left_behind(file.path.parent, last, job.known):
                log.warning("%s", line)
            remember(file.path.parent, job.known)
            recording.work = job, report
            work(job, report, exact)
            recording.keep(None)
        return report


def prepare(
    file: File, ca_file: str, tell: Tell, outside: Outside
) -> tuple[Job, Report, bool]:
    """Put together one run; the last value says whether it is switched on.

    Raises:
        ConnectorError: the settings cannot be had.
    """
    is_stopped = stopped(file.path.parent)
    session = open_session(file, ca_file, outside)
    settings = read_settings(file, session)
    if not settings.enabled:
        log.warning(
            "%r is switched off in %s: nothing is done",
            file.connector,
            settings.origins["enabled"],
        )
    job, report = put_together(file, settings, session, ca_file, tell, outside)
    report.paused = is_stopped
    if is_stopped:
        job = replace(job, policy=replace(job.policy, report_only=True))
    return job, report, settings.enabled


def put_together(  # what a run works with is that much
    file: File,
    settings: Settings,
    session: Session,
    ca_file: str,
    tell: Tell,
    outside: Outside,
) -> tuple[Job, Report]:
    """Put together what a run works with, with the settings as they are known."""
    directory = file.path.parent
    keep(settings.password)
    source = Threatq(session)
    job = Job(
        source=source,
        protect=lambda: _protect(file, settings, ca_file, outside, source),
        open_targets=lambda: _targets(file, settings, ca_file, outside),
        collections=settings.collections,
        instance=file.instance,
        memories={
            family: Accepted(directory, settings.url, name)
            for family, name in settings.sets.items()
        },
        consents=Consents(
            directory, settings.url, settings.block_list, approvals(file)
        ),
        ledger=Ledger(directory, settings.url, settings.block_list),
        spared=remembered(file, settings),
        clock=outside.clock,
        known=known(settings),
        policy=policy(file),
        tell=tell,
    )
    report = Report(
        settings.collections,
        settings.url,
        reach.approve(directory),
        job.policy.set_limit,
    )
    return job, report


def remembered(file: File, settings: Settings) -> Spared:
    """Return what is kept of never-block lists."""
    return Spared(file.path.parent, settings.url, settings.block_list)


def _protect(
    file: File, settings: Settings, ca_file: str, outside: Outside, source: Source
) -> Protection:
    """Read the never-block lists, those of the appliance in a session of their own."""
    lists = Lists.of(file, settings)
    with open_nitro(file, settings, ca_file, outside) as nitro:
        place = around(file, settings, nitro, outside)
        now = outside.clock.now()
        asked = (*in_threatq(lists, source), *nearby(lists, place))
        before = remembered(file, settings).read()
        return protect((*here(lists, now), *asked), lists.may_block, before, now)


def around(file: File, settings: Settings, nitro: Nitro, outside: Outside) -> Around:
    """Return where never-block addresses are found out.

    Raises:
        ConfigurationError: ThreatQ's host is none.
    """
    threatq = reach.threatq_url(file)
    return Around(nitro, settings.url, threatq, outside.clock, outside.hosts)


def read_settings(file: File, session: Session) -> Settings:
    """Return the settings of one run, from the form and the file or the file alone.

    Raises:
        ConfigurationError: something is missing or contradicts.
        SourceError: the form cannot be read.
    """
    if not file.flag("threatq", "form", default=True):
        return settle(file, None, split_names, enabled=True)
    form = connector.read_form(session, file.connector)
    return settle(file, form.fields, split_names, enabled=form.enabled)


def open_session(
    file: File,
    ca_file: str,
    outside: Outside,
    pins: Mapping[str, str] | None = None,
    attempts: int = 4,
) -> Session:
    """Return a session with ThreatQ; its first request signs in.

    Args:
        file: the configuration file.
        ca_file: beats the file's.
        outside: clock and transports.
        pins: certificates trusted just now: "host:port" -> SHA-256.
        attempts: how often a request is sent where that is safe.

    Raises:
        ConfigurationError: a setting is wrong.
    """
    url = reach.threatq_url(file)
    way = reach.way(file, "threatq", url, ca_file, pins)
    reach.warn(way)
    patience = Patience(outside.clock, _jitter, attempts)
    return Session(
        outside.transport(way.trust, way.proxy),
        url,
        _credentials(file),
        clock=outside.clock,
        patience=patience,
    )


def _credentials(file: File) -> Credentials | PrivateCredentials:
    client_id = file.get("threatq", "client_id")
    if file.get("threatq", "client_secret"):
        return PrivateCredentials(client_id, file.secret("threatq", "client_secret"))
    user = file.get("threatq", "username")
    return Credentials(client_id, user, file.secret("threatq"))


@contextmanager
def _targets(
    file: File, settings: Settings, ca_file: str, outside: Outside
) -> Iterator[list[Target]]:
    """Sign in to the appliance; sign out when left, however that is."""
    reach.warn(reach.way(file, "netscaler", settings.url, ca_file))
    with open_nitro(file, settings, ca_file, outside) as nitro:
        yield [BlockList(nitro, name, outside.clock) for name in settings.sets.values()]


def open_nitro(file: File, settings: Settings, ca_file: str, outside: Outside) -> Nitro:
    """Return a session with the appliance; its first request signs in.

    Raises:
        ConfigurationError: a setting is wrong.
    """
    way = reach.way(file, "netscaler", settings.url, ca_file)
    return Nitro(
        outside.transport(way.trust, way.proxy),
        settings.url,
        settings.username,
        settings.password,
        patience=Patience(outside.clock, _jitter),
    )
