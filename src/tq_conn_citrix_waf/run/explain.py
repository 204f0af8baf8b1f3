"""Gather what is known about a range: from both systems, else from what runs left.

1. Nothing is written to either system, and no lock is taken: whoever asks never stands
   in a run's way.
2. What answers is believed; what does not is replaced by what the last run kept of it,
   and the answer says so, and of when.
3. Where ThreatQ is away its form is too: then the appliance can be asked only if the
   configuration file itself says how.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tq_conn_citrix_waf.config import File
from tq_conn_citrix_waf.core.dataset import Dataset
from tq_conn_citrix_waf.core.explain import Explanation, explain
from tq_conn_citrix_waf.core.facts import Claim, Facts, Hold, View, Voice
from tq_conn_citrix_waf.core.guard import Held
from tq_conn_citrix_waf.core.ranges import AddressRange, Family
from tq_conn_citrix_waf.core.safelist import Rule
from tq_conn_citrix_waf.core.seen import Told, enclosed
from tq_conn_citrix_waf.errors import (
    ConfigurationError,
    ConnectorError,
    SourceEmptyError,
    SourceError,
    TargetError,
)
from tq_conn_citrix_waf.netscaler.dataset import BlockList
from tq_conn_citrix_waf.run import reach
from tq_conn_citrix_waf.run.asked import Question, elsewhere, heard, remembered
from tq_conn_citrix_waf.run.job import approvals, policy
from tq_conn_citrix_waf.run.lists import Lists
from tq_conn_citrix_waf.run.memory import Memory
from tq_conn_citrix_waf.run.site import (
    Outside,
    around,
    open_nitro,
    open_session,
    read_settings,
)
from tq_conn_citrix_waf.run.sparing import Sparing
from tq_conn_citrix_waf.run.stay import staying
from tq_conn_citrix_waf.run.sync import rules
from tq_conn_citrix_waf.run.troubles import wrong_type
from tq_conn_citrix_waf.secrets import keep
from tq_conn_citrix_waf.settings import Settings, settle
from tq_conn_citrix_waf.store.known import Known, known, recall
from tq_conn_citrix_waf.store.ledger import ReadLedger
from tq_conn_citrix_waf.store.pause import paused
from tq_conn_citrix_waf.store.spared import Remembered, Spared
from tq_conn_citrix_waf.threatq.collections import Threatq, split_names
from tq_conn_citrix_waf.threatq.point import Points


@dataclass(slots=True)
class _Site:
    """What is known of the site.

    Attributes:
        known: the settings, else those that a run had last; None: no run was.
        settings: None where the form is out of reach and the file does not say all.
        source: ThreatQ, whether it answers or not.
        points: None where ThreatQ is away.
        trouble: why it is.
        near: the never-block rules that the appliance tells; None: it is away.
    """

    file: File
    outside: Outside
    ca_file: str
    known: Known | None
    settings: Settings | None
    source: Threatq
    points: Points | None
    trouble: SourceError | None
    memory: Memory
    near: list[Rule] | None = None

    @property
    def sets(self) -> dict[Family, str]:
        """Return the name of each data set."""
        if self.known is None:
            return {}
        names = {
            Family.V4: self.known.block_list,
            Family.V6: self.known.ipv6_block_list,
        }
        return {family: name for family, name in names.items() if name}

    @property
    def collections(self) -> tuple[str, ...]:
        """Return the data collections in use."""
        return () if self.known is None else self.known.collections

    @property
    def sparing(self) -> Sparing:
        """Return what tells what is never blocked."""
        before = Remembered()
        if self.known is not None:
            whose = self.known.url, self.known.block_list
            before = Spared(self.file.path.parent, *whose).read()
        lists = Lists.of(self.file, self.settings)
        return Sparing(lists, before, self.outside.clock.now(), self.memory.notes)

    @property
    def idle(self) -> str:
        """Return why no run writes; '' where runs do."""
        pause = paused(self.file.path.parent)
        if pause is not None:
            return pause.words
        if self.settings is not None and not self.settings.enabled:
            return f"the connector is off in {self.settings.origins['enabled']}"
        if policy(self.file).report_only:
            return "report_only = true: runs only show their plan"
        return ""


def explain_site(
    file: File, ca_file: str, outside: Outside, asked: AddressRange
) -> tuple[Explanation, ConnectorError | None]:
    """Return what there is to say of a range, and why that is not all of it.

    Raises:
        ConfigurationError: a setting is wrong.
        ConnectorError: nothing at all can be told.
    """
    site, now = _site(file, ca_file, outside), outside.clock.now()
    dataset, netscaler, missing = _standing(site, asked.family, now)
    consents = site.memory.consents(asked.family, now)
    decided = policy(file)
    never = site.sparing.safelist(site.trouble or site.source, site.near)
    by = rules(decided, now, {family: never.refused(family) for family in site.sets})
    question = Question(asked, by, decided.selections, consents)
    voices, library = _voices(site, question)
    approve = reach.approve(file.path.parent)
    facts = Facts(
        asked=asked,
        instance=file.instance,
        netscaler=netscaler,
        threatq=_source_view(site, voices, now),
        appliance="" if site.known is None else site.known.url,
        set_name=site.sets.get(asked.family, ""),
        dataset=dataset,
        never=enclosed(never.refused(asked.family), asked),
        voices=tuple(voices),
        elsewhere=tuple(library),
        rules=tuple(never.met(asked)),
        holds=(*site.memory.holds(asked, consents, approve), *_wide(voices)),
        last=site.memory.last(asked),
        idle=site.idle,
        wakes=""
        if paused(file.path.parent) is None
        else reach.resume(file.path.parent),
        ownership=decided.ownership,
        stay=staying(
            [*library, *(claim for voice in voices for claim in voice.claims)],
            never.refused(asked.family),
            consents,
            (now.date(), decided.minimum_stay),
        ),
        program=reach.command_line("", file.path.parent),
        notes=tuple(site.memory.notes),
    )
    return _whole(explain(facts), missing, site.trouble)


def _whole(
    told: Explanation, target: TargetError | None, source: SourceError | None
) -> tuple[Explanation, ConnectorError | None]:
    """Say with an explanation which error keeps half of it back, if any does.

    Raises:
        ConnectorError: both halves are kept back.
    """
    trouble: ConnectorError | None = None
    if told.wanted is Told.UNKNOWN:
        trouble = source or SourceEmptyError(
            "what the data collections want cannot be told: no run has read them yet",
            "let the connector run once, and look at how it ends",
        )
    if told.blocked is Told.UNKNOWN:
        if trouble is not None:
            raise trouble
        trouble = target
    return told, trouble


def _site(file: File, ca_file: str, outside: Outside) -> _Site:
    session = open_session(file, ca_file, outside)
    source = Threatq(session)
    points, trouble, settings = None, None, None
    try:
        settings = read_settings(file, session)
        points = Points(session, source)
    except SourceError as error:
        trouble = error
        try:
            settings = settle(file, None, split_names, enabled=True)
        except ConfigurationError:  # the form, which is away, says the rest
            settings = None
    if settings is not None:
        keep(settings.password)
    last = recall(file.path.parent) if settings is None else known(settings)
    if last is None and trouble is not None:
        raise trouble
    directory = file.path.parent
    ledger = None
    if last is not None:
        ledger = ReadLedger(directory, last.url, last.block_list)
    memory = Memory(directory, ledger, approvals(file))
    return _Site(
        file, outside, ca_file, last, settings, source, points, trouble, memory
    )


def _standing(
    site: _Site, family: Family, now: datetime
) -> tuple[Dataset | None, View, TargetError | None]:
    """Return the data set as it stands, or as a run read it last."""
    name, trouble = site.sets.get(family, ""), None
    if not name:
        return None, View(None), None
    try:
        return _read(site, name, family), View(now), None
    except TargetError as error:
        trouble = error
    kept = site.memory.standing(family)
    if kept is None or kept.dataset.name != name:
        return None, View(None, trouble.what), trouble
    return kept.dataset, View(kept.at, trouble.what), trouble


def _read(site: _Site, name: str, family: Family) -> Dataset:
    settings = site.settings
    if settings is None:
        raise TargetError(
            "how to reach the NetScaler stands in the form in ThreatQ",
            "ask again when ThreatQ answers, or put it into the configuration file",
        )
    with open_nitro(site.file, settings, site.ca_file, site.outside) as nitro:
        dataset = BlockList(nitro, name, site.outside.clock).read()
        place = around(site.file, settings, nitro, site.outside)
        site.near = site.sparing.near(place)
    if dataset.family is not family:
        raise wrong_type(dataset, family, settings.url)
    return dataset


def _voices(site: _Site, question: Question) -> tuple[list[Voice], list[Claim]]:
    """Return what each collection says, and what ThreatQ has where none says a thing.

    Where ThreatQ stops answering in between, all are as the last run left them.
    """
    names, family = site.collections, question.asked.family
    kept = {name: site.memory.kept(name, family) for name in names}
    if site.points is not None:
        try:
            voices = [
                heard(site.points, question, name, position, kept[name])
                for position, name in enumerate(names)
            ]
            asking = [
                claim
                for voice in voices
                for claim in voice.claims
                if claim.reason is None and not claim.left
            ]
            return voices, [] if asking else elsewhere(site.points, question)
        except SourceError as error:
            site.trouble = error
    why = "" if site.trouble is None else site.trouble.what
    return [remembered(question, name, kept[name], why) for name in names], []


def _source_view(site: _Site, voices: Sequence[Voice], now: datetime) -> View:
    """Return of when ThreatQ's side is: of the oldest of its collections."""
    trouble = next((voice.trouble for voice in voices if voice.trouble), "")
    if not trouble and site.trouble is not None:
        trouble = site.trouble.what
    at = min((voice.at for voice in voices if voice.at is not None), default=None)
    return View(at if voices else now, trouble)


def _wide(voices: Sequence[Voice]) -> list[Hold]:
    return [Hold("", Held.WIDE, voice.wide) for voice in voices if len(voice.wide)]
