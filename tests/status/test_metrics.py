"""The metrics file: valid by its own parser, whole, and what docs/metrics.md says."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families as parsed

from support.outside import BLOCK_LIST, Site
from tq_conn_citrix_waf.run.metrics import METRICS, exposition
from tq_conn_citrix_waf.run.status import Standing
from tq_conn_citrix_waf.store.records import CollectionRecord, RunRecord

ADDRESSES = [f"198.18.{n // 250}.{n % 250}" for n in range(100)]


def read(site: Site) -> dict[str, dict[str, float]]:
    """The file by its own parser: metric, labels as a text, value."""
    text = (site.directory / "waf.prom").read_text()
    return {
        family.name: {",".join(s.labels.values()): s.value for s in family.samples}
        for family in parsed(text)
    }


def test_a_good_run_leaves_what_it_did(site: Site) -> None:
    site.collection(ADDRESSES)
    assert site.run() == 0
    found = read(site)
    assert found["tq_waf_run_exit_code"] == {"": 0}
    assert found["tq_waf_entries_blocked"] == {BLOCK_LIST: 100}
    assert found["tq_waf_bound"] == {"": 100}
    assert found["tq_waf_good_run_timestamp_seconds"] == {
        "": site.lab.clock.now().timestamp()
    }


def test_a_failed_run_leaves_its_failure_and_the_time_of_the_good_one(
    site: Site,
) -> None:
    site.collection(ADDRESSES)
    site.run()
    good = site.lab.clock.now().timestamp()
    site.lab.clock.advance(3600)
    site.collection([])
    assert site.run() == 3
    found = read(site)
    assert found["tq_waf_run_failure"] == {"SourceEmptyError": 1}
    assert found["tq_waf_good_run_timestamp_seconds"] == {"": good}
    assert found["tq_waf_runs_not_good"] == {"": 1}
    assert set(found["tq_waf_collection_stands_in"].values()) == {1}


def test_every_metric_is_in_the_table(site: Site) -> None:
    site.collection(ADDRESSES)
    site.run()
    assert set(read(site)) <= {f"tq_waf_{name}" for name in METRICS}


@given(st.text())
def test_any_name_of_a_collection_is_a_label(name: str) -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    part = CollectionRecord(name, 4, 7)
    run = RunRecord(now, now, 0, collections=(part,))
    text = exposition(Standing("https://adc1.lab", run, run, 0, (), now))
    labels = [
        sample.labels["collection"]
        for family in parsed(text)
        for sample in family.samples
        if family.name == "tq_waf_collection_entries"
    ]
    assert labels == [name]


def test_the_file_can_be_read_by_others_and_its_draft_is_no_metrics_file(
    site: Site,
) -> None:
    site.collection(ADDRESSES)
    site.run()
    path = site.directory / "waf.prom"
    assert stat.S_IMODE(path.stat().st_mode) & 0o444 == 0o444
    assert [p.name for p in site.directory.glob("*.prom")] == ["waf.prom"]


def test_a_place_that_cannot_be_written_fails_no_run(
    site: Site, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "waf.prom").mkdir()
    (tmp_path / "waf.prom" / "in the way").touch()
    site.collection(ADDRESSES)
    assert site.run() == 0
    assert "no metrics:" in capfd.readouterr().out
