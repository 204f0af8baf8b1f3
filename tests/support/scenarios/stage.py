"""A whole site on which a situation is brought about, and all that is said of it.

1. The connector is configured and has loaded its set once; a day of churn is due.
2. A situation acts from outside: on ThreatQ, the appliance, the network, the file, the
   disk. Nothing of the connector is replaced.
3. Every token and cookie that passes is noted, so that none may be shown.
"""

import io
import os
import re
from collections.abc import Callable
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import pytest

from citrix_waf_lab.carrier import Carrier
from support.outside import Site
from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.errors import ConnectorError
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.http import Answer, Request, Transport
from tq_conn_citrix_waf.log import FILE_NAME
from tq_conn_citrix_waf.run.site import Outside

FIRST = [f"198.18.0.{n}" for n in range(1, 13)]
THEN = [*FIRST[2:], "203.0.114.1", "203.0.114.2"]
_TOKEN = re.compile(rb'(?:"access_token": ?"|(?:sessionid|NITRO_AUTH_TOKEN)=)([^";]+)')


@dataclass(frozen=True, slots=True)
class Overheard:
    """A transport that notes the tokens in what passes."""

    within: Transport
    secrets: set[str]

    def send(self, request: Request) -> Answer:
        answer = self.within.send(request)
        heads = "\n".join(value for _, value in answer.headers).encode()
        found = _TOKEN.findall(answer.body + b"\n" + heads)
        self.secrets.update(token.decode() for token in found)
        return answer


@dataclass(frozen=True, slots=True)
class Told:
    """What one run said: exit code, both streams, its log file."""

    code: int
    out: str
    err: str
    log: str


@dataclass
class Stage(Site):
    """A site, what is done to it, and how the connector is run on it.

    Attributes:
        patch: undone when the play is over.
        stack: what is to be ended when the play is over.
        logs: the directory for the log.
        world: the outside instead of the lab in process.
        secrets: what must not be shown.
    """

    patch: pytest.MonkeyPatch = field(default_factory=pytest.MonkeyPatch)
    stack: ExitStack = field(default_factory=ExitStack)
    world: Outside | None = None
    secrets: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.logs = self.directory.with_name(self.directory.name + ".log")
        self.logs.mkdir()
        known = self.lab.credentials
        boxes = known.appliances.values()
        self.secrets |= {known.user.password, known.private.password}
        self.secrets |= {box.password for box in boxes}

    @property
    def file(self) -> Path:
        """Return the configuration file."""
        return self.directory / config.FILE_NAME

    def outside(self) -> Outside:
        if self.world is not None:
            return self.world
        usual = super().outside()
        return replace(
            usual, transport=lambda t, p: Overheard(usual.transport(t, p), self.secrets)
        )

    def tell(self, *words: str, log: str = "") -> Told:
        """Run the command line as cron does, with everything in the log."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = self.run("-ll", log or str(self.logs), "-v3", *words)
        kept = self.logs / FILE_NAME
        said = kept.read_text("utf-8") if kept.is_file() else ""
        return Told(code, out.getvalue(), err.getvalue(), said)

    @classmethod
    def loaded(cls, directory: Path, patch: pytest.MonkeyPatch) -> Self:
        """Return one in a new directory, loaded, with a day of churn due."""
        directory.mkdir()
        found = cls(directory, patch=patch)
        found.load()
        return found

    def load(self) -> None:
        """Configure, load the set, and let a day of churn be due."""
        with redirect_stdout(io.StringIO()):
            self.configure(self.patch)
        self.collection(FIRST)
        assert self.tell().code == 0
        self.collection(THEN)
        (self.logs / FILE_NAME).unlink()

    def key(self, section: str, line: str) -> None:
        """Write a key into the configuration file, as a person does."""
        name = line.partition(" ")[0]
        text = re.sub(rf"(?m)^{name} = .*\n", "", self.file.read_text("utf-8"))
        added = text.replace(f"[{section}]\n", f"[{section}]\n{line}\n", 1)
        self.file.write_text(added, "utf-8")

    def dialect(self, **switches: object) -> None:
        """Set switches of the lab."""
        self.control("PUT", "/dialect", switches)

    def fault(self, name: str, service: str, **more: object) -> None:
        """Put a fault in force; ``path`` and ``method`` say for which requests."""
        match = {k: more.pop(k) for k in ("path", "method") if k in more}
        wish = {"name": name, "service": service, "match": match, **more}
        self.control("POST", "/faults", wish)

    def serve(self, tls: object) -> dict[str, Carrier]:
        """Put the lab on sockets, and send the connector there by its real way."""
        found = {}
        services = self.lab.services()
        for name, service in zip(("threatq", "adc1"), services, strict=True):
            carrier = Carrier(service, self.lab.clock, tls=tls)  # type: ignore[arg-type]  # an SSL context, which tests need not import
            self.stack.callback(carrier.stop)
            found[name] = carrier
        usual = super().outside()
        self.world = Outside(usual.clock, hosts=usual.hosts)
        return found

    def tidy(self, text: str) -> str:
        """Return a text with what differs from run to run replaced."""
        for path, name in ((self.logs, "LOGS"), (self.directory, "DIRECTORY")):
            text = text.replace(str(path.resolve()), name).replace(str(path), name)
        for pattern, name in _VARIES:
            text = re.sub(pattern, name, text)
        return text


_VARIES = (
    (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
    (r"(?<=process )\d+", "PID"),
    (r"\b(?:[0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2}\b", "SHA256"),
    (r"\b(?:[0-9A-Fa-f]{2,8} ?){8,}\b", "SHA256"),
    (r"(?<=tq-conn-citrix-waf\.)[0-9a-f]{8}(?=\.)", "SET"),
    (r"\b[0-9a-f]{8}\b", "ID"),
    (r"\b[0-9a-f]{16}\b", "PLAN"),
    (r"\[[A-Z0-9]+: [A-Z_]+\] .*?\(_ssl\.c:\d+\)", "WHY"),
    (r"(?<=is damaged: ).*", "WHY"),
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One situation.

    Attributes:
        when: it is so; a clause that follows "when".
        error: the class that is told.
        exit: the code it ends with.
        arrange: brings it about.
        words: the command line beside ``-c``, ``-ll`` and ``-v``.
        fresh: nothing is configured yet.
        log: another place for the log.
        mute: there is no log to read afterwards.
        writes: whether the appliance may have been written to.
        speaks: whether it says on the way what it has done.
    """

    when: str
    error: type[ConnectorError]
    exit: Exit
    arrange: Callable[[Stage], object]
    words: tuple[str, ...] = ()
    fresh: bool = False
    log: str = ""
    mute: bool = False
    writes: bool = False
    speaks: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """What the appliance holds: foreign entries, ours, and open sessions."""

    foreign: frozenset[tuple[str, str, str]]
    ours: frozenset[str]
    sessions: int

    @classmethod
    def of(cls, site: Site) -> Self:
        """Look."""
        foreign, ours = frozenset(site.foreign()), frozenset(site.ours())
        return cls(foreign, ours, site.view()["sessions"])


@dataclass(frozen=True, slots=True)
class Played:
    """A scenario that was played: what was said, and what became of the appliance.

    ``written`` counts the requests that change something.
    """

    told: Told
    before: Held
    after: Held
    written: int
    secrets: frozenset[str]
    tidy: Callable[[str], str]

    def lines(self) -> tuple[str, str]:
        """Return what happened and what to do, as printed, without what varies.

        Raises:
            ValueError: it was not said in two lines.
        """
        what, cure = self.told.err.splitlines()
        return self.tidy(what), self.tidy(cure.removeprefix("What to do: "))


RAM = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108  # no disk
"""Where short-lived directories are quick; None: the usual place."""


def play(scenario: Scenario) -> Played:
    """Set a stage, bring a situation about, and run the connector."""
    with (
        TemporaryDirectory(dir=RAM) as home,
        ExitStack() as stack,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr("sys.stdin", io.StringIO())  # nobody is there, whoever runs this
        directory = Path(home) / "etc"
        directory.mkdir()
        stage = Stage(directory, patch=patch, stack=stack)
        if not scenario.fresh:
            stage.load()
        scenario.arrange(stage)
        before, mark = Held.of(stage), stage.mark
        told = stage.tell(*scenario.words, log=scenario.log)
        written = len(stage.writes(mark))
        secrets = frozenset(stage.secrets)
        return Played(told, before, Held.of(stage), written, secrets, stage.tidy)
