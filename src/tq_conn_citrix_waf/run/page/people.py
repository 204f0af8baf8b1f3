"""What waits for people, what they allowed and did: who, when and why."""

from collections.abc import Iterator
from datetime import datetime

from tq_conn_citrix_waf.run.page.markup import Element, h
from tq_conn_citrix_waf.run.page.past import Past
from tq_conn_citrix_waf.run.page.tables import Row, few, instant, section, table
from tq_conn_citrix_waf.store.consents import Given
from tq_conn_citrix_waf.store.records import HeldRecord

_NAMED = 5


def people(shown: Past) -> Element:
    """Return the section for those who decide, and those who ask who decided."""
    used = {one.id for run in shown.runs for one in run.consents}
    done = sorted(_done(shown, used), key=lambda one: one[0], reverse=True)
    return section(
        "people",
        "Held and decided",
        table(
            "Held back by the last run; its cure above names the command",
            ("id", "what", "#entries", "#limit"),
            map(_held, shown.standing.last.held),
        ),
        table(
            "What people decided in these days, newest first",
            ("when and who", "what"),
            (row for _, row in done),
        ),
        table(
            "Let through now, by allow",
            ("network", "who", "until, UTC"),
            (
                Row(
                    (
                        one.network,
                        one.who,
                        instant(one.until) if one.until else "a person ends it",
                    ),
                    f"Since {one.at:%Y-%m-%d %H:%M} UTC: {one.reason}",
                )
                for one in shown.allowed
            ),
        ),
    )


def _held(one: HeldRecord) -> Row:
    of = f" of {one.collection}" if one.collection else ""
    note = f"{few(one.entries, _NAMED)}." if len(one.entries) else ""
    cells = h("code", one.id), f"{one.kind}{of}", one.counted, one.limit
    return Row(cells, note)


def _done(shown: Past, used: set[str]) -> Iterator[tuple[datetime, Row]]:
    for given in shown.given:
        yield given.at, _consent(given, used)
    for run in shown.acts:
        if run.act is not None:
            what = h("span", h("b", run.act.verb), run.act.what and f" {run.act.what}")
            head = _when(run.started, run.act.who)
            yield run.started, Row((head, what), run.act.why)


def _consent(given: Given, used: set[str]) -> Row:
    held = given.refusal
    entries = f"{len(held.entries):,} {held.held}"
    gone = "a run went by it" if held.id in used else "no run has gone by it"
    what = h("span", h("b", "approve"), f" {held.id}, {entries}; {gone}")
    return Row((_when(given.at, given.who), what), given.reason)


def _when(at: datetime, who: str) -> Element:
    return h("span", instant(at), h("span", f" {who}", class_="quiet"))
