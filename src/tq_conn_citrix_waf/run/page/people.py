"""What waits for people, what they allowed and did: who, when and why."""

from collections.abc import Iterator
from datetime import datetime

from tq_conn_citrix_waf.run.page.markup import Element, h
from tq_conn_citrix_waf.run.page.past import Past
from tq_conn_citrix_waf.run.page.tables import Row, few, instant, section, table
from tq_conn_citrix_waf.store.records import HeldRecord
from tq_conn_citrix_waf.store.said import Given

_NAMED = 5


def people(shown: Past) -> Element:
    """Return the section for those who decide, and those who ask who decided."""
    used = {(one.id, one.at) for run in shown.runs for one in run.consents}
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


def _done(
    shown: Past, used: set[tuple[str, datetime]]
) -> Iterator[tuple[datetime, Row]]:
    for given in shown.given:
        yield given.at, _consent(given, used)
    for run in shown.acts:
        if run.act is not None:
            what = h("span", h("b", run.act.verb), run.act.what and f" {run.act.what}")
            head = _when(run.started, run.act.who)
            yield run.started, Row((head, what), run.act.why)


def _consent(given: Given, used: set[tuple[str, datetime]]) -> Row:
    held = given.refusal
    verb, words = "approve --discard", ""
    if not given.discard:
        verb = "approve"
        gone = (held.id, given.at) in used
        words = "; a run went by it" if gone else "; no run has gone by it"
    about = f" {held.id}, {len(held.entries):,} {held.held}{words}"
    return Row(
        (_when(given.at, given.who), h("span", h("b", verb), about)), given.reason
    )


def _when(at: datetime, who: str) -> Element:
    return h("span", instant(at), h("span", f" {who}", class_="quiet"))
