"""``drain`` and ``rollback``: all of ours off, or back to what was, and a pause."""

import getpass
import io
import sys
from pathlib import Path

import pytest

from emergency.conftest import WANTED
from support.outside import BLOCK_LIST, BY_HAND, COLLECTION, Killed, Site
from tq_conn_citrix_waf.store.ledger import ledgers
from tq_conn_citrix_waf.store.pause import paused

HAND = [(b["value"], b.get("endrange", ""), b.get("comment", "")) for b in BY_HAND]
LATER = [*WANTED[5:], "198.18.1.1", "198.18.1.2"]
WHY = ("--reason", "change 4711")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def generation(site: Site) -> int:
    """Return the number of the generation before the last."""
    (ledger,) = ledgers(site.directory)
    return ledger.generations(2)[-1].number


def moved(site: Site) -> int:
    site.collection(LATER)
    assert site.run() == 0
    return generation(site)


def test_drain_takes_all_of_ours_off_and_no_run_brings_it_back(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()
    assert site.run("drain", "--yes", *WHY) == 0
    shown = capfd.readouterr().out
    assert "take off 40: 198.18.0.1, 198.18.0.2" in shown
    assert "40 taken off, 0 bound, saved, read back." in shown
    assert "resume -c" in shown
    assert site.ours() == site.ours(saved=True) == set()
    assert site.foreign() == HAND
    assert site.run() == 0
    assert site.ours() == set()
    assert site.run("resume", *WHY) == 0
    assert site.run() == 0
    assert site.ours() == {*WANTED}


def test_rollback_goes_back_and_stays_there(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    number = moved(site)
    capfd.readouterr()
    assert site.run("rollback", str(number), "--yes", *WHY) == 0
    shown = capfd.readouterr().out
    assert f"Generation {number} is of 20" in shown
    assert "take off 2: 198.18.1.1, 198.18.1.2" in shown
    assert "bind     5: 198.18.0.1," in shown
    assert site.ours() == site.ours(saved=True) == {*WANTED}
    assert site.run() == 0
    assert site.ours() == {*WANTED}
    assert site.foreign() == HAND
    (ledger,) = ledgers(site.directory)
    acts = [run.act.words for run in ledger.runs(9) if run.act is not None]
    assert acts == [f"rollback to generation {number} by alice: change 4711"]


def test_rollback_brings_back_nothing_that_must_never_be_blocked(site: Site) -> None:
    number = moved(site)
    assert site.run("allow", WANTED[0], *WHY) == 0
    assert site.run("rollback", str(number), "--yes", *WHY) == 0
    assert site.ours() == {*WANTED[1:]}


def test_a_generation_that_is_not_kept_is_refused_and_the_last_are_named(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    number = moved(site)
    capfd.readouterr()
    assert site.run("rollback", "4711", "--yes", *WHY) == 2
    assert f", {number}" in capfd.readouterr().err
    assert paused(site.directory) is None


@pytest.mark.parametrize("command", [("drain",), ("rollback", "1")])
@pytest.mark.parametrize("answer", ["n", "", "drain"])
def test_without_a_yes_nothing_is_done(
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    answer: str,
) -> None:
    mark = site.mark
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("builtins.input", lambda _prompt: answer)
    assert site.run(*command, *WHY) == 130
    assert site.writes(mark) == []
    assert paused(site.directory) is None


def test_an_interrupt_at_the_question_does_nothing_and_promises_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    mark = site.mark
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("builtins.input", pressed)
    capfd.readouterr()
    assert site.run("drain", *WHY) == 130
    assert capfd.readouterr().err.startswith("nothing was done\n")
    assert site.writes(mark) == []


def pressed(_prompt: str) -> str:
    """Press Ctrl-C."""
    raise KeyboardInterrupt


def test_where_nobody_can_be_asked_yes_must_be_given(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()
    assert site.run("drain", *WHY) == 2
    assert "--yes" in capfd.readouterr().err
    assert site.ours() == {*WANTED}


def test_a_set_that_is_no_longer_kept_is_named_with_the_command_that_empties_it(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    where = "/appliances/adc1/datasets/other_list"
    site.control("PUT", where, {"type": "ipv4", "bindings": []})
    site.form(**{"IP Block List": "other_list"})
    capfd.readouterr()
    assert site.run() == 0
    told = capfd.readouterr().out
    words = ("drain", "--set", BLOCK_LIST, "--appliance", "http://adc1.lab")
    assert " ".join(words[1:]) in told
    assert site.run(*words, "--yes", *WHY) == 0
    assert site.ours() == set()
    assert site.foreign() == HAND
    assert paused(site.directory) is None
    capfd.readouterr()
    assert site.run() == 0
    assert "--set" not in capfd.readouterr().out


def test_the_password_of_the_settings_goes_to_no_other_appliance(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    mark = site.mark
    capfd.readouterr()
    words = ("drain", "--set", "old", "--appliance", "http://adc9.lab", "--yes")
    assert site.run(*words, *WHY) == 2
    assert "is sent to their appliance alone" in capfd.readouterr().err
    assert [r for r in site.requests(mark) if r["service"] == "netscaler"] == []


def test_on_another_appliance_a_person_is_asked_for_its_password(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal())
    known = site.lab.credentials.appliances["adc1"].password
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: known)
    other = "http://adc1.lab:80"
    words = ("drain", "--set", BLOCK_LIST, "--appliance", other, "--yes")
    assert site.run(*words, *WHY) == 0
    assert site.ours() == set()


@pytest.mark.parametrize("arrives", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("command", ["drain", "rollback"])
def test_killed_at_each_request_and_run_again_it_ends_as_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, *, arrives: bool
) -> None:
    def loaded(name: str) -> tuple[Site, list[str]]:
        (tmp_path / name).mkdir()
        site = Site(tmp_path / name)
        site.configure(monkeypatch)
        site.collection(WANTED)
        assert site.run() == 0
        number = moved(site)
        site.sent = 0
        return site, [command, *([str(number)] if command == "rollback" else [])]

    whole, words = loaded("whole")
    assert whole.run(*words, "--yes", *WHY) == 0
    assert whole.sent > 8
    for number in range(1, whole.sent + 1):
        site, words = loaded(str(number))
        site.kill_at = number if arrives else -number
        with pytest.raises(Killed):
            site.run(*words, "--yes", *WHY)
        site.kill_at = None
        assert site.run(*words, "--yes", *WHY) == 0, number
        assert site.ours() == site.ours(saved=True) == whole.ours(), number
        assert site.foreign() == HAND, number
        assert site.run() == 0, number
        assert site.ours() == whole.ours(), number


def test_both_families_are_drained(site: Site) -> None:
    where = "/appliances/adc1/datasets/six"
    site.control("PUT", where, {"type": "ipv6", "bindings": []})
    path = site.directory / "tq-conn-citrix-waf.toml"
    text, head = path.read_text("utf-8"), "[netscaler]\n"
    path.write_text(text.replace(head, f'{head}ipv6_block_list = "six"\n'), "utf-8")
    rows = [
        {"type": kind, "value": value, "status": "Active", "score": 5}
        for kind, value in (("IP Address", WANTED[0]), ("IPv6 Address", "2001:db8::7"))
    ]
    where = f"/threatq/collections/{COLLECTION}"
    site.control("PUT", where, {"indicators": rows})
    site.run()
    assert site.run("drain", "--yes", *WHY) == 0
    sets = site.view()["datasets"]
    assert sets["six"]["bindings"] == []
    assert site.ours() == set()
