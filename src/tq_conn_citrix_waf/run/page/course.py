"""How the list and the runs went: plots, the steps' times, the last runs."""

from collections.abc import Iterator, Sequence

from tq_conn_citrix_waf.run.page.figures import (
    Period,
    Span,
    Took,
    changed,
    ending,
    periods,
    span,
    steps,
    whole,
)
from tq_conn_citrix_waf.run.page.markup import Element, h
from tq_conn_citrix_waf.run.page.past import Past
from tq_conn_citrix_waf.run.page.plot import Bars, Line, bars, lines
from tq_conn_citrix_waf.run.page.tables import Row, folded, instant, section, table
from tq_conn_citrix_waf.store.records import RunRecord

_SHOWN = 20
_LONGEST = 300
"""Characters of a run's trouble; history has all of it."""


def course(shown: Past) -> Element:
    """Return the section with the plots; their numbers stand in a table below."""
    title = f"The last {shown.days:,} days"
    if not shown.runs:
        return section("course", title, h("p", "No run is known of these days."))
    told = span(shown.runs, shown.standing.now, shown.days)
    found = periods(shown.runs, told)
    each = "week" if told.step.days > 1 else "day"
    return section(
        "course",
        title,
        *_sizes(shown.runs, told),
        _changes(found, told, each),
        _endings(found, told, each),
        folded(
            f"The same in numbers, by {each}",
            table(f"Runs and entries by {each} of UTC", _HEADS, map(_period, found)),
        ),
    )


def _figure(title: str, about: str, plot: Element) -> Element:
    return h("figure", h("figcaption", h("h3", title), h("p", about)), plot)


def _sizes(runs: Sequence[RunRecord], told: Span) -> Iterator[Element]:
    for name in dict.fromkeys(one.name for run in runs for one in run.sets):
        seen = [(told.at(r.ended), s) for r in runs for s in r.sets if s.name == name]
        first, last = seen[0][1], seen[-1][1]
        values = [one.values for _, one in seen]
        about = (
            f"{first.values:,} values at first, {last.values:,} at last; fewest"
            f" {min(values):,}, most {max(values):,}."
        )
        drawn = [
            Line("wanted", "line wanted", [(x, s.wanted) for x, s in seen]),
            Line("values in the set", "line", [(x, s.values) for x, s in seen]),
        ]
        if last.limit and last.limit <= 2 * max(values):
            level = [(0.0, last.limit), (1.0, last.limit)]
            drawn.append(Line("room for", "line limit", level))
        title = f"Size of {name}"
        plot = lines(f"{title}, a line plot: {about}", drawn, told)
        yield _figure(title, about, plot)


def _changes(found: Sequence[Period], told: Span, each: str) -> Element:
    added = sum(one.added for one in found)
    removed = sum(one.removed for one in found)
    about = f"{added:,} entries bound, {removed:,} unbound."
    drawn = [
        Bars("bound", "bar added", [one.added for one in found]),
        Bars("unbound", "bar removed", [one.removed for one in found], down=True),
    ]
    title = f"Entries bound and unbound by {each}"
    return _figure(title, about, bars(f"{title}, bars: {about}", drawn, told))


def _endings(found: Sequence[Period], told: Span, each: str) -> Element:
    good, held, bad = (
        [one.ends[how] for one in found] for how in ("good", "held", "bad")
    )
    about = (
        f"{sum(good):,} runs in step, {sum(held):,} that held something back,"
        f" {sum(bad):,} that failed."
    )
    drawn = [
        Bars("in step", "bar good", good),
        Bars("held", "bar held", held, down=True),
        Bars("failed", "bar bad", bad, down=True),
    ]
    title = f"Runs by {each}, and how they ended"
    return _figure(title, about, bars(f"{title}, bars: {about}", drawn, told))


_HEADS = ("from", "#in step", "#held", "#failed", "#bound", "#unbound", "#values")


def _period(one: Period) -> Row:
    values = sum(each.values for each in one.sets.values()) if one.sets else None
    ends = one.ends["good"], one.ends["held"], one.ends["bad"]
    day = h("time", f"{one.began:%m-%d}", datetime=f"{one.began:%Y-%m-%d}")
    return Row((day, *ends, one.added, one.removed, values))


def times(shown: Past) -> Element:
    """Return the section with the time that each step takes."""
    all_ = whole(shown.runs)
    found = [*steps(shown.runs), *([] if all_ is None else [all_])]
    longest = max((one.middle for one in found), default=0)
    return section(
        "times",
        "Run times",
        table(
            "Seconds by step, over these days",
            ("step", "#last", "#median", "#19 of 20 within", "#longest"),
            (_took(one, longest) for one in found),
        ),
    )


def _took(one: Took, longest: float) -> Row:
    share = 100 * one.middle / longest if longest else 0
    bar = h("span", class_="share", style=f"width:{share:.1f}%", aria_hidden="true")
    figures = (one.last, one.middle, one.most, one.longest)
    seconds = (f"{each:,.2f}" for each in figures)
    return Row((h("div", one.step, bar), *seconds))


def last_runs(shown: Past) -> Element:
    """Return the section with the last runs and what they planned and did."""
    runs = shown.runs or (shown.standing.last,)
    troubled = [run for run in runs[:-_SHOWN] if run.exit]
    return section(
        "runs",
        "The last runs",
        _runs("Newest first; what a run planned, and of that what it did", runs),
        _runs("Earlier runs of these days that did not end in step", troubled),
        h("p", h("code", "history RUN"), " names each entry of a run.", class_="quiet"),
    )


def _runs(about: str, runs: Sequence[RunRecord]) -> Element:
    heads = ("run", "#exit", "#planned", "#done", "#held")
    return table(about, heads, map(_run, reversed(runs[-_SHOWN:])))


def _run(run: RunRecord) -> Row:
    took = (run.ended - run.started).total_seconds()
    seconds = h("span", f"{took:,.1f} s", class_="unbroken")
    head = h(
        "span",
        f"{run.number} ",
        h("span", instant(run.started), " ", seconds, class_="quiet"),
    )
    counts = run.counts
    plan = None if counts is None else _change(counts.added, counts.removed)
    over = sum(one.counted for one in run.held)
    cells = (head, run.exit, plan, _change(*changed(run)), over)
    what = run.what if len(run.what) <= _LONGEST else f"{run.what[:_LONGEST]}…"
    return Row(cells, what, ending(run))


def _change(added: int, removed: int) -> Element:
    minus = h("span", f"−{removed:,}", class_="unbroken")  # noqa: RUF001  # a minus
    return h("span", f"+{added:,} ", minus)
