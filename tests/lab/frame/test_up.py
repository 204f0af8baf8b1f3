"""``citrix-waf-lab up``, run as a program: ready file, TLS, ports, seed, signals."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from citrix_waf_lab.asking import ask, connect
from citrix_waf_lab.cli import main
from citrix_waf_lab.wire import Request

MAIN = "import sys; from citrix_waf_lab.cli import main; sys.exit(main())"
VERSION = Request("GET", "/nitro/v1/config/nsversion")


class Up:
    """A lab that runs as a program of its own."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self.last = home / "state" / "citrix-waf-lab" / "last.json"
        self.process = subprocess.Popen(  # noqa: S603 -- our own program
            [sys.executable, "-c", MAIN, "up", *arguments],
            stdout=subprocess.PIPE,
            env=os.environ | {"XDG_STATE_HOME": str(home / "state")},
            text=True,
        )
        printed = ""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            printed += line
            if line == "}\n":
                break
        self.card: dict[str, Any] = json.loads(printed)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        self.process.communicate(timeout=20)
        return self.process.returncode


def test_with_tls_it_is_ready_when_its_file_says_so_and_ends_well(
    tmp_path: Path,
) -> None:
    ready = tmp_path / "deep" / "ready.json"
    up = Up(tmp_path, "--ready-file", str(ready), "--tls")
    card = up.card
    ca_file = Path(card["ca_file"])
    try:
        assert json.loads(ready.read_text()) == card
        assert json.loads(up.last.read_text()) == card
        assert [file.name for file in ready.parent.iterdir()] == ["ready.json"]
        assert ready.stat().st_mode & 0o077 == 0
        secured = [card["threatq"]["url"], card["appliances"][0]["url"]]
        assert card["prompts"][0] == secured[0].removeprefix("https://")
        for url in secured + [u.replace("127.0.0.1", "localhost") for u in secured]:
            assert url.startswith("https://")
            link, strange = connect(url, ca_file), connect(url)
            assert ask(link, VERSION).status != "no answer"
            assert ask(strange, VERSION).status == "no answer"
            link.close()
        assert card["control"].startswith("http://127.0.0.1:")
    finally:
        assert up.end(signal.SIGINT) == 0
    assert not ca_file.exists()


def test_a_seed_repeats_the_card_and_ports_follow_the_one_that_is_named(
    tmp_path: Path,
) -> None:
    first = Up(tmp_path, "--seed", "4", "--appliances", "2")
    assert first.end() == 0
    card = first.card
    assert card.keys() == {"threatq", "appliances", "control", "ca_file", "prompts"}
    assert [one["name"] for one in card["appliances"]] == ["adc1", "adc2"]
    assert card["ca_file"] is None
    threatq = card["threatq"]
    assert threatq["private"].keys() == {"client_id", "client_secret"}
    user = [threatq["client_id"], threatq["username"], threatq["password"]]
    assert card["prompts"] == [threatq["url"], *user, "Review"]
    start = int(card["control"].rpartition(":")[2])
    second = Up(tmp_path, "--seed", "4", "--port", str(start))
    assert second.end() == 0
    again = second.card
    urls = [again["control"], again["threatq"]["url"], again["appliances"][0]["url"]]
    assert urls == [f"http://127.0.0.1:{port}" for port in range(start, start + 3)]
    assert again["prompts"][1:] == card["prompts"][1:]


def test_a_port_that_cannot_be_had_is_refused() -> None:
    assert main(["up", "--port", "65535"]) == 2
    assert main(["up", "--port", "70000"]) == 2


def test_a_ready_file_that_cannot_be_written_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(["up", "--ready-file", str(tmp_path / "file" / "ready.json")]) == 2
    assert "cannot write the ready file" in capsys.readouterr().err
