"""A lab beside a measurement: started as a process, driven through its control port."""

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BIN = Path(sys.executable).parent
COLLECTION = "Block at edge"
BLOCK_LIST = "tq_block_list"
CONNECTOR = "Citrix WAF Connector"

# A proxy of the machine's own cannot reach its loopback: no child may be sent there.
os.environ["no_proxy"] = "127.0.0.1,localhost"


@dataclass(frozen=True, slots=True)
class Lab:
    """A running lab and a configured connector beside it.

    Attributes:
        ready: what the lab printed when it was up.
        directory: the connector's configuration directory.
    """

    ready: dict[str, Any]
    directory: Path

    def control(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401  # JSON
        """Call the control interface."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310  # the lab's own loopback URL
            self.ready["control"] + path, data, method=method
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310  # as above
            return json.loads(answer.read())

    def connector(self, *words: str, typed: str = "") -> tuple[int, str]:
        """Run the connector; return its exit code and all it printed."""
        done = subprocess.run(  # noqa: S603  # our own program
            [BIN / "tq-conn-citrix-waf", "-c", self.directory, *words],
            input=typed,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    def set_up(self) -> None:
        """Make the first run, an empty set, and fill in the form."""
        adc = self.ready["appliances"][0]
        self.control(
            "PUT",
            f"/appliances/{adc['name']}/datasets/{BLOCK_LIST}",
            {"type": "ipv4", "bindings": []},
        )
        code, said = self.connector(typed="\n".join(self.ready["prompts"]) + "\n")
        if code:
            raise SystemExit(f"the first run failed: {said}")
        self.control(
            "PUT",
            f"/threatq/connectors/{CONNECTOR.replace(' ', '%20')}/form",
            {
                "API IP/Hostname": adc["url"].partition("://")[2],
                "Username": adc["username"],
                "Password": adc["password"],
                "Data Collection": COLLECTION,
                "IP Block List": BLOCK_LIST,
                "Use HTTPS": adc["url"].startswith("https"),
                "enabled": True,
            },
        )

    def collection(self, values: list[str]) -> None:
        """Make or replace the data collection."""
        rows = [
            {"type": "IP Address", "value": v, "status": "Active", "score": 5}
            for v in values
        ]
        self.control(
            "PUT",
            f"/threatq/collections/{COLLECTION.replace(' ', '%20')}",
            {"indicators": rows},
        )

    def change(self, add: list[str], remove: list[str]) -> None:
        """Change the data collection."""
        rows = [
            {"type": "IP Address", "value": v, "status": "Active", "score": 5}
            for v in add
        ]
        self.control(
            "POST",
            f"/threatq/collections/{COLLECTION.replace(' ', '%20')}/change",
            {"add": rows, "remove": remove},
        )

    def bound(self) -> set[str]:
        """Return the values in the block list."""
        adc = self.ready["appliances"][0]["name"]
        view = self.control("GET", f"/appliances/{adc}")
        return {b["value"] for b in view["datasets"][BLOCK_LIST]["bindings"]}

    def requests(self, since: int = 0) -> tuple[list[dict[str, Any]], int]:
        """Return the requests after a mark, and the next mark."""
        got = self.control("GET", f"/requests?since={since}")
        return got["requests"], got["next"]


@contextmanager
def running(*options: str) -> Iterator[Lab]:
    """Start a lab; it is stopped when left, however that is."""
    with tempfile.TemporaryDirectory() as place:
        ready = Path(place) / "ready.json"
        process = subprocess.Popen(  # noqa: S603  # our own program
            [BIN / "citrix-waf-lab", "up", "--ready-file", ready, *options],
            stdout=subprocess.PIPE,
            env={**os.environ, "XDG_RUNTIME_DIR": place},
        )
        try:
            if process.stdout is None or not process.stdout.readline():
                raise SystemExit("the lab did not start")
            directory = Path(place) / "connector"
            directory.mkdir()
            yield Lab(json.loads(ready.read_text()), directory)
        finally:
            process.terminate()
            process.wait(10)
