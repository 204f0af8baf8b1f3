"""The stage of the demo: a lab on sockets, a folder, and the connector as a process.

1. The lab is moved and looked at through its control interface alone.
2. The connector is a program that is run, never a package that is imported.
3. All that a run leaves behind stays in the folder, which is emptied at the start.
"""

import json
import os
import shlex
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from citrix_waf_lab.demo.verdict import Due, Run, View
from citrix_waf_lab.lab import Lab
from citrix_waf_lab.programs import CONNECTOR, program
from citrix_waf_lab.scenarios import edge
from citrix_waf_lab.serving import Serving
from citrix_waf_lab.wire import Request

FOLDER = Path("build") / "demo"
APPLIANCE = "adc1"

_PATIENCE = 45.0
"""Seconds that one run may take; the longest takes a few."""


class Stage:
    """Everything the demo plays with; a context manager that ends the lab."""

    def __init__(self, seed: int) -> None:
        self.folder = FOLDER
        self.config = FOLDER / "config"
        self.answers = FOLDER / "answers.txt"
        self.ca_file = FOLDER / "ca.pem"
        if FOLDER.exists():
            shutil.rmtree(FOLDER)
        self.config.mkdir(parents=True)
        self.program = program(CONNECTOR)
        self._lab = Lab(seed, running=True, scenario=edge.fill)
        self.members = edge.drawn(self._lab)
        self._mark = 0
        self._serving = Serving(self._lab, tls=True)
        self.card = self._serving.card()
        shutil.copyfile(self.card["ca_file"], self.ca_file)
        self.answers.touch(mode=0o600)
        self.answers.write_text("".join(f"{line}\n" for line in self.card["prompts"]))
        # A seeded clock starts at a fixed day; the connector lives today.
        self.control("PUT", "/clock", {"now": datetime.now(UTC).isoformat()})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._serving.stop()

    def control(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 -- JSON
        """Make one control call; return its JSON answer.

        Raises:
            ValueError: the lab refused it; with the lab's words.
        """
        sent = b"" if body is None else json.dumps(body).encode()
        path, _, query = path.partition("?")
        answer = self._lab.control(Request(method, path, query, body=sent))
        told = json.loads(answer.body)
        if answer.status != 200:  # noqa: PLR2004 -- the only success there is
            raise ValueError(told["error"])
        return told

    def view(self) -> View:
        """Return the appliance as it is now."""
        view: View = self.control("GET", f"/appliances/{APPLIANCE}")
        return view

    def put(self, collection: str, indicators: list[dict[str, object]]) -> None:
        """Replace what a data collection holds."""
        path = f"/threatq/collections/{quote(collection, safe='')}"
        self.control("PUT", path, {"indicators": indicators})

    def change(self, collection: str, body: Mapping[str, object]) -> None:
        """Add to a data collection and take from it: ``{"add", "remove"}``."""
        path = f"/threatq/collections/{quote(collection, safe='')}/change"
        self.control("POST", path, body)

    def fill_form(self, connector: str, form: Mapping[str, object]) -> None:
        """Fill in a connector's form in ThreatQ, as a person does."""
        path = f"/threatq/connectors/{quote(connector, safe='')}/form"
        self.control("PUT", path, form)

    def make_set(self, name: str, kind: str) -> None:
        """Make an empty data set on the appliance, and save."""
        path = f"/appliances/{APPLIANCE}/datasets/{name}"
        self.control("PUT", path, {"type": kind, "bindings": []})

    def set_key(self, name: str, value: str) -> None:
        """Write a key of [netscaler] into the connector's file, as a person does.

        Where a connector left none, the runs to come will end unlike they should.
        """
        path = self.config / "tq-conn-citrix-waf.toml"
        if not path.exists():
            return
        head = "[netscaler]\n"
        text = path.read_text("utf-8")
        path.write_text(text.replace(head, f'{head}{name} = "{value}"\n'), "utf-8")

    def command(self, due: Due) -> list[str]:
        """Return the words of the connector's command line."""
        if due.words:
            return [self.program, *due.words, "-c", str(self.config)]
        words = [self.program, "-c", str(self.config), "-ll", "stdout", "-v2"]
        return [*words, "--ca-file", str(self.ca_file)] if due.first else words

    def shown(self, due: Due) -> list[str]:
        """Return the words of the command as a person types it in this folder."""
        words = [shlex.quote(word) for word in self.command(due)]
        return [*words, "<", str(self.answers)] if due.first else words

    def run(self, due: Due, heard: Callable[[str], None]) -> Run:
        """Run the connector once, and keep what it said and what it sent.

        Args:
            due: what the run should do.
            heard: is given each line of its output, as it comes.
        """
        before = self.view()
        start = time.monotonic()
        code = self._connector(due, heard)
        seconds = time.monotonic() - start
        requests = self._history(due.name)
        return Run(due, code, requests, before, self.view(), seconds)

    def _connector(self, due: Due, heard: Callable[[str], None]) -> int:
        kept = self.folder / f"{due.name.lower().replace(' ', '-')}.log"
        given = self.answers if due.first else Path(os.devnull)
        with (
            given.open("rb") as answers,
            kept.open("w", encoding="utf-8") as log,
            subprocess.Popen(  # noqa: S603 -- our own program, no shell
                self.command(due),
                stdin=answers,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                env=_environment(),
            ) as process,
        ):
            watchdog = threading.Timer(_PATIENCE, process.kill)
            watchdog.start()
            try:
                for line in process.stdout or ():
                    log.write(line)
                    heard(line.rstrip("\n"))
            finally:
                watchdog.cancel()
        return process.returncode

    def _history(self, name: str) -> list[Mapping[str, Any]]:
        told = self.control("GET", f"/requests?since={self._mark}")
        self._mark = told["next"]
        requests: list[Mapping[str, Any]] = told["requests"]
        with (self.folder / "requests.jsonl").open("a", encoding="utf-8") as out:
            for request in requests:
                out.write(json.dumps({"act": name, **request}) + "\n")
        return requests


def _environment() -> dict[str, str]:
    """Return this environment without proxies, which cannot reach this machine.

    The screen indents what is said by two columns.
    """
    kept = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    return {**kept, "COLUMNS": "78"}
