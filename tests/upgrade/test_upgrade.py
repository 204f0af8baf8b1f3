"""Up from the vendor's connector and back again, by the commands of docs/upgrade.md.

One crontab line all the way, over sockets: what it leads to is exchanged under it. The
commands are taken from the document and run; only paths lead into a directory, Python
is this one, and what pip would install is linked.
"""

import json
import re
import shlex
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from citrix_waf_lab.lab import Lab
from citrix_waf_lab.serving import Serving
from citrix_waf_lab.wire import Request
from support.outside import BLOCK_LIST, COLLECTION, CONNECTOR
from support.snapshot import snapshot
from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.threatq.form import blank

ROOT = Path(__file__).parents[2]
SECTIONS = re.split(r"(?m)^## ", (ROOT / "docs/upgrade.md").read_text("utf-8"))
OURS = "import sys; from tq_conn_citrix_waf.cli.main import main; sys.exit(main())"
THEIRS = Path(__file__).with_name("predecessor.py")
OLD = ["198.18.0.1", "198.18.0.2", "198.18.0.3"]
BY_HAND = "203.0.113.9"
CRONTAB = (
    "0 */2 * * * /opt/tqvenv/citrix/bin/tq-conn-citrix-waf -c /etc/tq_labs/"
    " -ll /var/log/tq_labs/ -v3\n"
)


def commands(section: str) -> list[str]:
    """Return the commands of a section of the document, in its order."""
    (text,) = (part for part in SECTIONS if part.startswith(f"{section}\n"))
    return re.findall(r"`((?:mv|python\S+|/\S+) [^`]+)`", text)


@dataclass
class Host:
    """A ThreatQ host as the vendor's guide sets it up."""

    root: Path
    serving: Serving

    def __post_init__(self) -> None:
        self.etc, self.log = self.root / "etc/tq_labs", self.root / "var/log/tq_labs"
        self.venv = self.root / "opt/tqvenv/citrix"
        for directory in (self.etc, self.log, self.venv.parent):
            directory.mkdir(parents=True)
        self.crontab = self.root / "crontab"
        self.crontab.write_text(self.here(CRONTAB))
        self.lab = self.serving.lab

    def here(self, text: str) -> str:
        """Turn the paths of the guide into paths below this host's root."""
        return re.sub(r"(?<!\S)/(?=(?:opt|etc|var)/)", f"{self.root}/", text)

    def install(self, *program: str) -> None:
        """Put a program where the crontab line leads, as pip does."""
        stub = self.venv / "bin/tq-conn-citrix-waf"
        python = shlex.quote(str(self.venv / "bin/python"))
        stub.write_text(f'#!/bin/sh\nexec {python} {shlex.join(program)} "$@"\n')
        stub.chmod(0o755)
        (place,) = (self.venv / "lib").glob("python*/site-packages")
        (place / "linked.pth").write_text(
            f"{ROOT / 'src'}\n{sysconfig.get_path('purelib')}\n"
        )

    def type(self, command: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of the document, with nobody to answer."""
        line = self.here(command)
        if " -m venv " in line:
            words = [sys.executable, "-m", "venv", "--without-pip", line.split()[-1]]
            line = shlex.join(words)
        elif "/pip install " in line:
            self.install("-c", OURS)
            line = "true"
        return subprocess.run(  # noqa: S602  # a shell is what a document is typed into
            line,
            shell=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=30,
        )

    def cron(self) -> "subprocess.CompletedProcess[str]":
        """Run the line of the crontab as it is now."""
        return self.type(self.crontab.read_text().split(maxsplit=5)[5])

    def control(self, method: str, path: str, body: object) -> None:
        """Be a person in one of the two user interfaces."""
        sent = json.dumps(body).encode()
        kind = (("Content-Type", "application/json"),)
        answer = self.lab.control(Request(method, path, "", kind, sent))
        assert answer.status == 200, answer.body

    def collection(self, values: list[str]) -> None:
        rows = [{"type": "IP Address", "value": v, "status": "Active"} for v in values]
        path = f"/threatq/collections/{COLLECTION}".replace(" ", "%20")
        self.control("PUT", path, {"indicators": rows})

    def blocked(self) -> dict[str, str]:
        """Return what the appliance blocks, each value with its comment."""
        answer = self.lab.control(Request("GET", "/appliances/adc1", "", (), b""))
        rows = json.loads(answer.body)["datasets"][BLOCK_LIST]["bindings"]
        return {row["value"]: row.get("comment", "") for row in rows}

    def unbinds(self) -> list[str]:
        """Return every request that takes something off the set."""
        _, entries = self.lab.journal.since(0)
        return [
            f"{e.method} {e.path}?{e.query}"
            for e in entries
            if "binding" in e.path and (e.method == "DELETE" or "unbind" in e.query)
        ]


def register(card: dict[str, Any], lab: Lab) -> None:
    """Make the entry in ThreatQ, as the vendor's connector did at its first run."""
    known = card["threatq"]
    public = f"grant_type=password&client_id={known['client_id']}"
    user = {"email": known["username"], "password": known["password"]}
    kind = ("Content-Type", "application/json")
    sent = json.dumps(user).encode()
    token = lab.threatq(Request("POST", "/api/token", public, (kind,), sent))
    bearer = f"Bearer {json.loads(token.body)['access_token']}"
    new = {"name": CONNECTOR, "category": "Labs", "custom_fields": blank()}
    heads = (kind, ("Authorization", bearer))
    sent = json.dumps(new).encode()
    made = lab.threatq(Request("POST", "/api/connectors", "", heads, sent))
    assert made.status == 201, made.body


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with Serving(Lab(seed=5)) as serving:
        found = Host(tmp_path, serving)
        card = serving.card()
        register(card, serving.lab)
        box = card["appliances"][0]
        form = {
            "API IP/Hostname": box["url"].removeprefix("http://"),
            "Username": box["username"],
            "Password": box["password"],
            "Data Collection": COLLECTION,
            "IP Block List": BLOCK_LIST,
            "Use HTTPS": False,
            "enabled": True,
        }
        path = f"/threatq/connectors/{CONNECTOR}/form".replace(" ", "%20")
        found.control("PUT", path, form)
        bound = {"type": "ipv4", "bindings": [{"value": BY_HAND}]}
        found.control("PUT", f"/appliances/adc1/datasets/{BLOCK_LIST}", bound)
        keys = ("host", "client_id", "username", "password", "status")
        own = dict(zip(keys, card["prompts"], strict=True))
        (found.etc / "tq_conn_citrix_waf.conf").write_text(json.dumps(own))
        found.collection(OLD)
        found.type("python3.6 -m venv /opt/tqvenv/citrix")
        found.install(str(THEIRS))
        done = found.cron()
        assert (done.returncode, done.stderr) == (0, "")
        assert found.blocked() == dict.fromkeys([BY_HAND, *OLD], "")
        yield found


def walk(host: Host, section: str) -> list[str]:
    """Do what a section of the document says; return what its commands printed."""
    printed = []
    for command in commands(section):
        done = host.type(command)
        assert done.returncode == 0, (command, done.stderr)
        printed.append(done.stdout)
    return printed


def test_the_document_says_what_these_tests_do() -> None:
    assert [shlex.split(command)[0].split("/")[-1] for command in commands("Up")] == [
        *("mv", "python3.12", "pip"),
        *["tq-conn-citrix-waf"] * 3,
    ]
    assert len(commands("Back")) == 2


def test_the_first_run_takes_all_from_the_old_file_and_a_plan_changes_nothing(
    host: Host,
) -> None:
    *_, first, checked, planned = walk(host, "Up")
    assert "Taken from it: ThreatQ Host, ThreatQ Client ID, ThreatQ User" in first
    assert first.endswith("Connector configured. Set information in UI\n")
    assert "fail" not in checked
    counts = {line.split()[0]: line.split()[1] for line in planned.splitlines()}
    assert (counts["add"], counts["remove"], counts["covered"]) == ("0", "0", "3")


def test_after_the_upgrade_the_first_load_binds_nothing_twice_and_removes_nothing(
    host: Host,
) -> None:
    before, line = snapshot(host.etc), host.crontab.read_bytes()
    walk(host, "Up")
    assert host.cron().returncode == 0
    assert host.blocked() == dict.fromkeys([BY_HAND, *OLD], "")
    assert host.crontab.read_bytes() == line
    after = snapshot(host.etc)
    assert {name: after[name] for name in before} == before
    assert config.FILE_NAME in after


def test_each_run_counts_what_bears_no_mark_by_whether_it_is_wanted(
    host: Host,
) -> None:
    walk(host, "Up")
    host.collection([*OLD[1:], "198.18.0.4"])
    assert host.cron().returncode == 0
    told = (host.log / "tq-conn-citrix-waf.log").read_text("utf-8")
    counts = {
        words: int(line.split()[0])
        for line in told.splitlines()
        for words in ("unmarked wanted", "unmarked unwanted")
        if line.strip().endswith(words)
    }
    assert counts == {"unmarked wanted": 2, "unmarked unwanted": 2}


def test_up_and_back_nothing_that_was_blocked_is_unblocked(host: Host) -> None:
    start = host.blocked()
    walk(host, "Up")
    assert host.blocked() == start
    host.collection([*OLD, "198.18.0.4"])
    assert host.cron().returncode == 0
    up = host.blocked()
    assert {*up} == {*start, "198.18.0.4"}
    assert up["198.18.0.4"].startswith("tq-waf:")
    walk(host, "Back")
    assert host.blocked() == up
    host.collection([*OLD, "198.18.0.4", "198.18.0.5"])
    done = host.cron()
    assert (done.returncode, done.stderr) == (0, "")
    assert host.blocked() == up | {"198.18.0.5": ""}
    assert host.unbinds() == []


def test_up_again_after_the_way_back_it_goes_on_where_it_was(host: Host) -> None:
    walk(host, "Up")
    host.collection([*OLD, "198.18.0.4"])
    assert host.cron().returncode == 0
    walk(host, "Back")
    assert host.cron().returncode == 0
    for command in ("citrix /opt/tqvenv/citrix.old", "citrix.new /opt/tqvenv/citrix"):
        assert host.type(f"mv /opt/tqvenv/{command}").returncode == 0
    host.collection(OLD)
    assert host.cron().returncode == 0
    assert host.blocked() == dict.fromkeys([BY_HAND, *OLD], "")


def test_an_upgrade_that_cannot_sign_in_ends_with_3_and_the_old_one_still_runs(
    host: Host,
) -> None:
    path = host.etc / "tq_conn_citrix_waf.conf"
    right = path.read_text()
    path.write_text(json.dumps(json.loads(right) | {"password": "changed"}))
    before = snapshot(host.etc)
    *installing, first, _, _ = commands("Up")
    assert [host.type(command).returncode for command in installing] == [0, 0, 0]
    failed = host.type(first)
    assert failed.returncode == 3
    assert "refused the sign-in" in failed.stderr
    assert snapshot(host.etc) == before
    walk(host, "Back")
    path.write_text(right)
    assert host.cron().returncode == 0
