"""``report``: a page that is whole and private, and the last run as text and JSON."""

import json
import sqlite3
import stat
from pathlib import Path

import pytest

from support.month import HOSTILE, HOUR, Month, SlowSite
from support.outside import Site
from tq_conn_citrix_waf.store.consents import held_back
from tq_conn_citrix_waf.store.ledger import FILE_NAME

ADDRESSES = [f"198.18.0.{n}" for n in range(1, 41)]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    found = Site(tmp_path)
    found.configure(monkeypatch)
    found.collection(ADDRESSES)
    return found


def page(site: Site, *words: str, code: int = 0) -> str:
    """The page that ``report --html`` writes, as text."""
    path = site.directory / "report.html"
    assert site.run("report", "--html", str(path), *words) == code
    return path.read_text("utf-8")


def test_some_days_are_told_with_what_happened_in_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    month = Month(SlowSite(tmp_path), monkeypatch, every=24)
    month.lived(12)
    assert {3, 5} <= set(month.exits)
    text = page(month.site)
    hostile = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; Söhne"
    for words in (
        f"{hostile}<span",
        "192.0.2.77",
        "&lt;i&gt;during the fire&lt;/i&gt;",
        "feed cleaned up, ticket 4711",
        "a run went by it",
        "150 removals",
        "Connection refused",
        "2 came, bound by others",
    ):
        assert words in text
    assert HOSTILE not in text


def test_a_page_is_for_its_owner_alone_and_replaces_only_a_page(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.run()
    page(site)
    path = site.directory / "report.html"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "report.html: OK, 1 runs of 30 days" in capfd.readouterr().out
    site.lab.clock.advance(4 * HOUR)
    assert "<title>WARNING: " in page(site)
    path.write_text("mine", "utf-8")
    assert page(site, code=2) == "mine"
    assert "is no page of this command" in capfd.readouterr().err


def test_what_is_wrong_stands_first_with_its_cure(site: Site) -> None:
    site.run()
    site.collection(ADDRESSES[20:])
    assert site.run() == 5
    text = page(site)
    first = text[text.index("<main>") : text.index('id="course"')]
    assert "Held: part of the plan waits for a person" in first
    assert "What to do: look whether this is a source" in first
    assert "tq-conn-citrix-waf approve" in first


def test_a_change_that_a_person_refused_is_told_as_such(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.run()
    site.collection(ADDRESSES[20:])
    assert site.run() == 5
    (number,) = held_back(site.directory)
    monkeypatch.setenv("SUDO_USER", "dave")
    why = ("--reason", "half of the feed is lost")
    assert site.run("approve", "--discard", number, *why) == 0
    text = page(site)
    assert f"<b>approve --discard</b> {number}, 20 removals<" in text
    assert "dave" in text
    assert "half of the feed is lost" in text


def test_without_a_run_of_these_days_the_last_one_is_told(site: Site) -> None:
    site.run()
    site.lab.clock.advance(60 * 24 * HOUR)
    text = page(site, "--days", "30")
    assert "No run is known of these days." in text
    assert "the last run in step ended 60 days ago" in text


def test_months_are_told_by_the_week(site: Site) -> None:
    site.run()
    site.lab.clock.advance(120 * 24 * HOUR)
    site.run()
    text = page(site, "--days", "400")
    assert "Runs and entries by week of UTC" in text


def test_a_first_day_is_told_in_a_week(site: Site) -> None:
    site.run()
    assert page(site).count('<tr><th scope="row"><time') == 7


def test_without_any_run_there_is_nothing_to_report(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    for words in ((), ("--html", str(site.directory / "report.html"))):
        assert site.run("report", *words) == 2
        assert "no run is in the ledger" in capfd.readouterr().err
    assert not (site.directory / "report.html").exists()


@pytest.mark.parametrize("days", ["0", "401", "many"])
def test_days_that_are_not_kept_are_refused(site: Site, days: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        site.run("report", "--days", days)


def test_what_cannot_be_read_is_said_and_the_rest_is_told(site: Site) -> None:
    for _ in range(22):
        site.run()
    with sqlite3.connect(site.directory / FILE_NAME) as database:
        database.execute("UPDATE run SET proof = x'00' WHERE number = 1")
    database.close()
    (site.directory / "tq-conn-citrix-waf.allowed").write_text("[{", "utf-8")
    (site.directory / "tq-conn-citrix-waf.0.consents").write_text("[{", "utf-8")
    site.lab.clock.advance(HOUR)
    text = page(site)
    assert "1 of the runs cannot be read any more" in text
    assert text.count('class="gap"') == 3
    assert "21 of 21" in text


def test_the_last_run_is_told_as_text_and_as_json(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.run()
    capfd.readouterr()
    assert site.run("report") == 0
    text = capfd.readouterr().out
    assert text.startswith("run 1 for tq_block_list on http://adc1.lab\n")
    assert "40 of Block at edge" in text
    assert site.run("report", "--json") == 0
    told = json.loads(capfd.readouterr().out)
    assert (told["number"], len(told["bound"])) == (1, 40)
