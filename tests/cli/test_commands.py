"""Every command: its example can be typed, and as JSON its answer stands alone."""

import io
import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from support.outside import Site
from tq_conn_citrix_waf.cli.arguments import EXAMPLE, grammar
from tq_conn_citrix_waf.cli.main import COMMANDS
from tq_conn_citrix_waf.exits import Exit

ADDRESSES = [f"198.18.0.{n}" for n in range(1, 121)]
WHY = ("--reason", "change 4711")
PARSER = grammar(COMMANDS, lambda _arguments, _outside: Exit.IN_STEP)


@pytest.fixture
def site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Site:
    """A site with two generations, whose last run held something."""
    found = Site(tmp_path)
    found.configure(monkeypatch)
    for wanted in (ADDRESSES, ADDRESSES[:-1]):
        found.collection(wanted)
        assert found.run() == 0
    capfd.readouterr()
    assert found.run("plan", "--json") == 0
    (tmp_path / "plan.json").write_text(capfd.readouterr().out, "utf-8")
    return found


def held(site: Site) -> list[str]:
    site.collection(ADDRESSES[60:])
    assert site.run() == 5
    (path,) = site.directory.glob("*.held")
    return [json.loads(path.read_text("utf-8"))[0]["id"], *WHY]


LINES: dict[str, Callable[[Site], list[str]]] = {
    "adopt": lambda _: ["--yes", *WHY],
    "allow": lambda _: ["198.18.0.7", *WHY],
    "apply": lambda site: ["--plan", str(site.directory / "plan.json")],
    "approve": held,
    "check": lambda _: [],
    "drain": lambda _: ["--yes", *WHY],
    "explain": lambda _: ["198.18.0.7"],
    "history": lambda _: [],
    "pause": lambda _: [*WHY],
    "plan": lambda _: [],
    "report": lambda _: [],
    "resume": lambda _: [*WHY],
    "rollback": lambda _: ["1", "--yes", *WHY],
    "status": lambda _: [],
    "trust": lambda _: [],
}


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_every_command_answers_in_json_that_stands_alone(
    site: Site, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    words = LINES[name](site)
    capfd.readouterr()
    assert site.run(name, *words, "--json") == 0
    out, _ = capfd.readouterr()
    assert isinstance(json.loads(out), dict | list)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_example_in_a_command_s_help_can_be_typed(command: object) -> None:
    one = next(c for c in COMMANDS if c is command)
    typed = one.example.partition(" > ")[0]
    assert PARSER.parse_args(shlex.split(typed)).command == one.name


def test_the_example_of_a_run_can_be_typed(capsys: pytest.CaptureFixture[str]) -> None:
    assert PARSER.parse_args(shlex.split(EXAMPLE)).command == ""
    with pytest.raises(SystemExit):
        PARSER.parse_args(["--help"])
    assert EXAMPLE in " ".join(capsys.readouterr().out.split())


def test_an_error_is_in_the_json_too(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()
    assert site.run("drain", "--json", *WHY) == 2
    out, err = capfd.readouterr()
    told = json.loads(out)
    assert told["command"] == "drain"
    assert "--yes" in told["error"]["cure"]
    assert told["error"]["exit"] == 2
    assert "--yes" in err


def test_what_was_done_is_told_entry_by_entry(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()
    assert site.run("allow", "198.18.0.7", "--json", *WHY) == 0
    told = json.loads(capfd.readouterr().out)
    assert told["sets"][0]["unbound"] == ["198.18.0.7"]
    assert told["saved"] is True
    assert told["error"] is None
    assert site.run("drain", "--yes", "--json", *WHY) == 0
    told = json.loads(capfd.readouterr().out)
    assert len(told["sets"][0]["unbound"]) == 118
    assert "resume" in told["resume"]


COLOUR = "\x1b["


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("screen", "environment", "coloured"),
    [
        (Screen, {}, True),
        (Screen, {"NO_COLOR": "1"}, False),
        (Screen, {"TERM": "dumb"}, False),
        (io.StringIO, {}, False),
    ],
)
def test_colours_are_for_a_terminal_that_wants_them(
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    screen: type[io.StringIO],
    environment: dict[str, str],
    coloured: bool,
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in ({"TERM": "xterm"} | environment).items():
        monkeypatch.setenv(name, value)
    shown = screen()
    monkeypatch.setattr("sys.stdout", shown)
    site.run("check")
    assert "NetScaler" in shown.getvalue()
    assert (COLOUR in shown.getvalue()) == coloured
