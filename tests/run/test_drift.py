"""What others did between two runs is said, recorded and put right."""

from pathlib import Path
from typing import Any

import pytest

from run.test_policy import set_key
from support.outside import BLOCK_LIST, BY_HAND, Site
from tq_conn_citrix_waf.store.ledger import RunRecord, ledgers

ADDRESSES = [f"198.18.0.{n}" for n in range(1, 31)]


def last_run(site: Site) -> RunRecord:
    (ledger,) = ledgers(site.directory)
    return ledger.runs(1)[0]


def edit(site: Site, remove: int, add: list[dict[str, Any]]) -> None:
    """Let a person take out the first of ours, and bind others."""
    ours = [b for b in site.bindings() if b.get("comment", "").startswith("tq-waf:")]
    gone = {b["value"] for b in ours[:remove]}
    rows = [b for b in site.bindings() if b["value"] not in gone]
    kept = [{k: v for k, v in b.items() if k != "index"} for b in rows]
    body = {"type": "ipv4", "bindings": [*kept, *add]}
    site.control("PUT", f"/appliances/adc1/datasets/{BLOCK_LIST}", body)


def told(site: Site, log: Path) -> str:
    assert site.run("-ll", str(log), "-v2") == 0
    return (log / "tq-conn-citrix-waf.log").read_text()


def test_what_was_unbound_and_what_came_is_told_and_bound_again(
    site: Site, tmp_path: Path
) -> None:
    site.collection(ADDRESSES)
    assert site.run() == 0
    edit(site, 2, [{"value": "203.0.113.99", "comment": "incident 7"}])
    text = told(site, tmp_path)
    assert "come              1  since 2026-" in text
    assert "vanished          2  since 2026-" in text
    assert "2 entries of ours were gone from tq_block_list" in text
    assert "2 are bound again" in text
    assert site.ours() == set(ADDRESSES)
    run = last_run(site)
    assert [str(r) for r in run.vanished] == ADDRESSES[:2]
    assert [str(r) for r in run.came] == ["203.0.113.99"]
    assert run.bound == run.vanished


def test_what_a_restart_lost_is_told_and_bound_again(
    site: Site, tmp_path: Path
) -> None:
    site.collection(ADDRESSES[:10])
    assert site.run() == 0
    set_key(site, "netscaler", 'save = "never"')
    site.collection(ADDRESSES)
    assert site.run() == 0
    site.control("POST", "/appliances/adc1/reboot")
    site.control("PUT", "/clock", {"advance": 3600})
    text = told(site, tmp_path)
    assert "20 entries of ours were gone" in text
    assert "20 are bound again" in text
    assert len(last_run(site).vanished) == 20


def test_a_quiet_hour_tells_of_nothing(site: Site, tmp_path: Path) -> None:
    site.collection(ADDRESSES)
    assert site.run() == 0
    site.collection(ADDRESSES[1:])
    text = told(site, tmp_path)
    assert "vanished" not in text
    assert "come  " not in text
    run = last_run(site)
    assert not len(run.vanished)
    assert not len(run.came)


def test_another_data_set_has_not_drifted_from_the_one_before(
    site: Site, tmp_path: Path
) -> None:
    site.collection(ADDRESSES)
    assert site.run() == 0
    other = {"type": "ipv4", "bindings": list(BY_HAND)}
    site.control("PUT", "/appliances/adc1/datasets/other", other)
    site.form(**{"IP Block List": "other"})
    assert "vanished" not in told(site, tmp_path)


@pytest.mark.parametrize("reason", ["feed cleaned up, ticket 4711"])
def test_a_run_records_the_consents_that_it_went_by(site: Site, reason: str) -> None:
    site.collection(ADDRESSES)
    assert site.run() == 0
    site.collection(ADDRESSES[15:])
    assert site.run() == 5
    (held,) = last_run(site).held
    assert last_run(site).consents == ()
    assert site.run("approve", held.id, "--reason", reason) == 0
    assert site.run() == 0
    (consent,) = last_run(site).consents
    assert (consent.id, consent.kind, consent.entries) == (held.id, "removals", 15)
    assert consent.reason == reason
    assert consent.who
