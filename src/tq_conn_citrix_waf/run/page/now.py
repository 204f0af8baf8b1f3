"""How a site stands now: in step or not, what is not well, and its data sets."""

from collections.abc import Iterator

from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.run.page.markup import Element, h
from tq_conn_citrix_waf.run.page.past import Past
from tq_conn_citrix_waf.run.page.tables import Row, instant, section, table
from tq_conn_citrix_waf.run.status import Level, Standing, told
from tq_conn_citrix_waf.store.records import SetRecord

_SIGNS = {Level.OK: "✓", Level.WARNING: "!", Level.CRITICAL: "✕", Level.UNKNOWN: "?"}


def now(shown: Past) -> Element:
    """Return the section that answers first."""
    found = shown.standing
    worries = sorted(found.worries(), key=lambda worry: -worry.level)
    items = [
        h(
            "li",
            badge(worry.level),
            h(
                "div",
                h("p", f"{worry.words}."),
                h("p", f"What to do: {worry.cure}.", class_="cure")
                if worry.cure
                else None,
            ),
        )
        for worry in worries
    ]
    return section(
        "now",
        "Now",
        h("p", badge(found.level), h("strong", in_words(found)), class_="standing"),
        h("ul", *items, class_="worries") if items else None,
        h("dl", *_facts(shown), class_="facts"),
        table(
            "The data sets, as the last run left them",
            ("data set", "#values", "#wanted", "#blocked"),
            map(_set, found.sets),
        ),
    )


def badge(level: Level) -> Element:
    """Return a level as a word and a sign, and in its colour."""
    name = level.name.lower()
    sign = h("span", _SIGNS[level], aria_hidden="true")
    return h("span", sign, f" {name}", class_=f"badge {name}")


def in_words(found: Standing) -> str:
    """Say in one sentence how a site stands."""
    last = found.last
    if last.exit == Exit.IN_STEP:
        return f"In step {told(found.now - last.ended)} ago."
    since = "no run has ended in step yet"
    if found.age is not None:
        since = f"the last run in step ended {told(found.age)} ago"
    if last.exit == Exit.REFUSED:
        return f"Held: part of the plan waits for a person; {since}."
    return f"Not in step; {since}."


def _facts(shown: Past) -> Iterator[Element]:
    found, runs = shown.standing, shown.runs
    last = found.last
    good = sum(not run.exit for run in runs)
    node = ", ".join(filter(None, (last.build, last.role)))
    for name, words in (
        ("last run", instant(last.ended)),
        ("it ended with", f"{last.exit}, {_meaning(last.exit)}"),
        ("runs in step", f"{good:,} of {len(runs):,}"),
        ("appliance", node or "not reached"),
    ):
        yield h("div", h("dt", name), h("dd", words))


def _meaning(code: int) -> str:
    return Exit(code).meaning if code in set(Exit) else "a code of another release"


def _set(one: SetRecord) -> Row:
    notes = [
        f"{one.left_out:,} found no room" if one.left_out else "",
        f"{one.refused:,} were refused" if one.refused else "",
    ]
    family = h("span", f" IPv{one.family}", class_="quiet")
    cells = (
        h("span", one.name, family),
        f"{one.values:,} of {one.limit:,}" if one.limit else one.values,
        one.wanted,
        one.blocked,
    )
    return Row(cells, "; ".join(filter(None, notes)))
