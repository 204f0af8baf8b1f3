"""What the ledger knows, as metrics: a file for node_exporter's textfile collector.

1. The file is written whole, after every run, also after one that failed.
2. A name, once published, keeps its meaning; docs/metrics.md is made from ``METRICS``.
3. Nothing is measured here: all of it stands in the record of a run.

The format is Prometheus' text exposition, version 0.0.4 (documented). Writing it needs
two escapes; a library for it would be one more package on a production host.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tq_conn_citrix_waf.config import File
from tq_conn_citrix_waf.errors import ConnectorError
from tq_conn_citrix_waf.log import log
from tq_conn_citrix_waf.run.status import Standing, standing
from tq_conn_citrix_waf.store.files import write_public


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: its name after ``tq_waf_``, what it says, and its labels."""

    name: str
    about: str
    labels: tuple[str, ...] = ()


METRICS = {
    metric.name: metric
    for metric in (
        Metric("run_timestamp_seconds", "when the last run ended"),
        Metric("good_run_timestamp_seconds", "when the last run ended in step"),
        Metric("run_exit_code", "what the last run ended with; 0 is in step"),
        Metric("runs_not_good", "runs in a row that did not end in step"),
        Metric("run_failure", "1: the error that the last run ended with", ("error",)),
        Metric("step_seconds", "time that a step of the last run took", ("step",)),
        Metric("entries_wanted", "entries that should be blocked", ("set",)),
        Metric("entries_blocked", "of these, those that are blocked", ("set",)),
        Metric("entries_left_out", "of these, those that found no room", ("set",)),
        Metric("entries_refused", "of these, those that were refused", ("set",)),
        Metric("set_values", "values in the data set, whoever bound them", ("set",)),
        Metric("set_limit", "most values in the data set, where known", ("set",)),
        Metric("paused", "1: people have stopped all writing"),
        Metric("bound", "entries bound by the last run"),
        Metric("unbound", "entries unbound by the last run"),
        Metric("held", "entries that are held back", ("kind",)),
        Metric("indicators_left_out", "indicators not blocked", ("reason",)),
        Metric("collection_entries", "entries taken", ("collection", "family")),
        Metric("collection_protected", "never-block hits", ("collection", "family")),
        Metric(
            "collection_stands_in",
            "1: it could not be read, its last good list stands in",
            ("collection", "family"),
        ),
    )
}

Sample = tuple[str, Mapping[str, str], float]


def publish(file: File, now: datetime) -> None:
    """Write the metrics of a site where its file asks for it; never fail for it."""
    target = file.get("", "metrics")
    if not target:
        return
    try:
        found = standing(file.path.parent, now)
        if found is not None:
            write_public(Path(target), exposition(found).encode(errors="replace"))
    except ConnectorError as error:
        log.warning("no metrics: %s", error.what)


def exposition(found: Standing) -> str:
    """Return how a site stands as the text of a metrics file."""
    rows: dict[str, list[str]] = {}
    for name, labels, value in samples(found):
        metric = METRICS[name]
        told = ",".join(f'{key}="{_escaped(labels[key])}"' for key in metric.labels)
        braces = f"{{{told}}}" if told else ""
        rows.setdefault(name, []).append(f"tq_waf_{name}{braces} {float(value)!r}\n")
    return "".join(
        f"# HELP tq_waf_{name} {METRICS[name].about}\n"
        f"# TYPE tq_waf_{name} gauge\n{''.join(lines)}"
        for name, lines in rows.items()
    )


def samples(found: Standing) -> Iterator[Sample]:
    """Yield each sample: the name of its metric, its labels, its value."""
    last, good = found.last, found.good
    yield "run_timestamp_seconds", {}, last.ended.timestamp()
    if good is not None:
        yield "good_run_timestamp_seconds", {}, good.ended.timestamp()
    yield "run_exit_code", {}, last.exit
    yield "runs_not_good", {}, found.not_good
    if last.error:
        yield "run_failure", {"error": last.error}, 1
    for step, seconds in last.seconds.items():
        yield "step_seconds", {"step": step}, seconds
    for one in found.sets:
        of = {"set": one.name}
        yield "entries_wanted", of, one.wanted
        yield "entries_blocked", of, one.blocked
        yield "entries_left_out", of, one.left_out
        yield "entries_refused", of, one.refused
        yield "set_values", of, one.values
        if one.limit is not None:
            yield "set_limit", of, one.limit
    yield "paused", {}, found.pause is not None
    yield "bound", {}, len(last.bound) + len(last.bound6)
    yield "unbound", {}, len(last.unbound) + len(last.unbound6)
    for held in last.held:
        yield "held", {"kind": held.kind}, held.counted
    if last.counts is not None:
        for reason, count in last.counts.left_out.items():
            yield "indicators_left_out", {"reason": reason}, count
    for part in last.collections:
        labels = {"collection": part.name, "family": f"ipv{part.family}"}
        yield "collection_entries", labels, part.entries
        yield "collection_protected", labels, part.protected
        yield "collection_stands_in", labels, part.since is not None


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
