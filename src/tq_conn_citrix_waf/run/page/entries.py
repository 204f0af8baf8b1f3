"""What is not blocked, and what is not ours: reasons, hits, foreign entries."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice

from tq_conn_citrix_waf.core.dataset import Dataset
from tq_conn_citrix_waf.run.page.markup import Element, h
from tq_conn_citrix_waf.run.page.past import Past
from tq_conn_citrix_waf.run.page.tables import Row, few, folded, instant, section, table
from tq_conn_citrix_waf.store.records import CollectionRecord, RunRecord

_SHOWN, _DRIFTS = 50, 20
_NAMED = 5


def left_out(shown: Past) -> Element:
    """Return the section on what was collected and is not blocked."""
    counts = shown.counts
    if counts is None:
        return section("left-out", "Not blocked", h("p", "No run came to a plan."))
    before = next((r.counts for r in shown.runs if r.counts is not None), counts)
    reasons = sorted(counts.left_out.items(), key=lambda one: -one[1])
    last = shown.planned
    about = f"Of {counts.collected:,} indicators collected, not blocked, by reason"
    return section(
        "left-out",
        "Not blocked",
        table(
            about,
            ("reason", "#last run", "#first of these days"),
            (Row((why, n, before.left_out.get(why, 0))) for why, n in reasons if n),
        ),
        table(
            "Refused by the appliance in the last run, in its words",
            ("entry", "words"),
            map(Row, [*(last.refused if last else {}).items()][:_SHOWN]),
        ),
        *_no_room(last),
    )


def _no_room(run: RunRecord | None) -> Iterator[Element]:
    for entries in () if run is None else (run.full, run.full6):
        if len(entries):
            about = f"{len(entries):,} entries found no room"
            yield folded(about, h("p", f"{few(entries, _SHOWN)}."))


def never_block(shown: Past) -> Element:
    """Return the section on the collections, and what they asked for in vain."""
    told = (*shown.runs, shown.standing.last)
    most: Counter[tuple[str, int]] = Counter()
    for one in (c for run in told for c in run.collections):
        most[one.name, one.family] = max(most[one.name, one.family], one.protected)
    last = next((run.collections for run in reversed(told) if run.collections), ())
    return section(
        "never-block",
        "Data collections",
        table(
            "Entries taken, and addresses asked for that are never blocked",
            ("data collection", "#entries", "#never-block", "#most in these days"),
            (_collection(one, most[one.name, one.family]) for one in last),
        ),
    )


def _collection(one: CollectionRecord, most: int) -> Row:
    name = h("span", one.name, h("span", f" IPv{one.family}", class_="quiet"))
    note = ""
    if one.since is not None:
        since = f"{one.since:%Y-%m-%d %H:%M} UTC"
        note = f"It could not be read: its list of {since} stands in for it."
    return Row((name, one.entries, one.protected, most), note)


def foreign(shown: Past) -> Element:
    """Return the section on what others bound: it is counted, and never touched."""
    counts = shown.counts
    marks = {} if counts is None else counts.foreign
    inside = 0 if counts is None else counts.unmarked
    by_hand = chain.from_iterable(map(_by_hand, shown.datasets))
    return section(
        "foreign",
        "Bound by others",
        table(
            "Entries that are not ours, by who bound them",
            ("who", "#entries"),
            (
                Row((_who(mark), n), _inside(inside) if not mark else "")
                for mark, n in marks.items()
            ),
        ),
        table(
            f"Bound by hand, at most {_SHOWN} of them",
            ("entry", "data set", "comment"),
            islice(by_hand, _SHOWN),
        ),
        table(
            "Seen to come and go since the run before",
            ("run", "what"),
            islice(map(_drifted, filter(_has_drift, reversed(shown.runs))), _DRIFTS),
        ),
    )


def _who(mark: str) -> str:
    if not mark:
        return "by hand: no mark"
    return "others" if mark == "others" else f"the connector {mark}"


def _inside(count: int) -> str:
    return f"{count:,} of them lie inside what is wanted." if count else ""


def _by_hand(each: Dataset) -> Iterator[Row]:
    for row, owner in enumerate(each.owners):
        if not owner:
            one = each.binding(row)
            entry = f"{one.value}-{one.endrange}" if one.endrange else one.value
            yield Row((entry, each.name, one.comment or None))
    for value, endrange, comment in each.unread:
        entry = f"{value}-{endrange}" if endrange else value
        yield Row((entry, each.name, comment or None))


def _has_drift(run: RunRecord) -> bool:
    return any(map(len, (run.came, run.came6, run.vanished, run.vanished6)))


def _drifted(run: RunRecord) -> Row:
    parts = []
    for words, pair in (
        ("came, bound by others", (run.came, run.came6)),
        ("of ours vanished", (run.vanished, run.vanished6)),
    ):
        count = sum(map(len, pair))
        if count:
            named = "; ".join(few(each, _NAMED) for each in pair if len(each))
            parts.append(f"{count:,} {words}: {named}")
    head = h("span", f"{run.number} ", h("span", instant(run.started), class_="quiet"))
    return Row((head, "; ".join(parts)))
