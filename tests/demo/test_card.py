"""The card: each line of it is typed, in order, as a person would."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from citrix_waf_lab.card import card_text
from citrix_waf_lab.lab import Lab
from citrix_waf_lab.serving import Serving

MAIN = "import sys; from citrix_waf_lab.cli import main; sys.exit(main())"


class Person:
    """Somebody with a card, in a folder, with a home of their own."""

    def __init__(self, folder: Path, words: list[str]) -> None:
        self.folder = folder
        self.process = subprocess.Popen(  # noqa: S603 -- our own program
            [sys.executable, "-c", MAIN, "up", "--card", *words],
            cwd=folder,
            env=self.home(),
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        self.card = ""
        for line in self.process.stdout or ():
            self.card += line
            if " * * * " in line:
                break
        lines = self.card.replace("\\\n         ", "").splitlines()
        self.typed = [
            line.strip() for line in lines if re.match(r" {5}(\S*/|0 )", line)
        ]

    def home(self) -> dict[str, str]:
        return os.environ | {"XDG_STATE_HOME": str(self.folder / "state")}

    def types(self, line: str, answers: str = "") -> tuple[int, str]:
        done = subprocess.run(  # noqa: S602 -- what stands on the card
            line,
            shell=True,
            cwd=self.folder,
            env=self.home(),
            input=answers,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
            timeout=30,
        )
        return done.returncode, done.stdout

    def first_run(self) -> tuple[int, str]:
        (self.folder / "build" / "lab").mkdir(parents=True)
        labels = r"^ {5}(?:ThreatQ \w+(?: ID)?|Status): +(.*)$"
        answers = re.findall(labels, self.card, re.MULTILINE)
        return self.types(self.typed[0], "".join(f"{a}\n" for a in answers))


@pytest.fixture
def person(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Person]:
    somebody = Person(tmp_path, request.param)
    yield somebody
    somebody.process.send_signal(signal.SIGINT)
    somebody.process.communicate(timeout=20)


@pytest.mark.parametrize("person", [[]], indirect=True)
def test_all_that_stands_on_the_card_can_be_typed(person: Person) -> None:
    code, told = person.first_run()
    assert code == 0, told
    assert "Connector configured. Set information in UI" in told
    told = "".join(line[1] for line in map(person.types, person.typed[1:-1]))
    assert re.findall(r"in step: ([\d,]+) bound, (\d+) unbound", told) == [
        ("3,400", "0"),
        ("2", "1"),
        ("0", "0"),
        ("0", "0"),  # the outage: the last good list stands in, and it ends with 3
    ]
    assert re.findall(r"^(\d+)$", told, re.MULTILINE) == ["3403", "3"]
    assert "foreign           4" in told
    cron = re.sub(r"^0 \*/2 \* \* \* ", "", person.typed[-1])
    assert person.types(cron)[0] == 3
    assert (person.folder / "build" / "lab" / "tq-conn-citrix-waf.log").exists()


@pytest.mark.parametrize("person", [["--tls"]], indirect=True)
def test_what_stands_on_the_card_of_a_lab_with_tls_leads_to_a_load(
    person: Person,
) -> None:
    assert person.first_run()[0] == 0
    assert person.types(person.typed[1]) == (0, "")
    code, told = person.types(person.typed[2])
    assert (code, "in step: 3,400 bound" in told) == (0, True)
    assert "not encrypted" not in told


@pytest.mark.parametrize("tls", [False, True])
def test_the_card_fits_80_columns_but_for_what_carries_paths(
    tls: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    with Serving(Lab(seed=1), tls=tls) as serving:
        text = card_text(serving.card())
    wide = [line for line in text.splitlines() if len(line) > 80]
    assert [line for line in wide if "/" not in line] == []
