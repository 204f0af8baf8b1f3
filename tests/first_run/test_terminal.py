"""At a terminal a wrong answer is named at once and asked again.

The program runs as a child on a pseudo-terminal, against a lab on sockets.
"""

import os
import pty
import select
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from citrix_waf_lab.lab import Lab
from citrix_waf_lab.serving import Serving
from support.snapshot import snapshot

# A background process of a shell is deaf to SIGINT; at a terminal nobody is.
MAIN = (
    "import signal, sys; from tq_conn_citrix_waf.cli.main import main;"
    " signal.signal(signal.SIGINT, signal.default_int_handler); sys.exit(main())"
)
FULL_FOR_PINS = """
import os
real = os.fsync
def fsync(handle):
    if ".trust" in os.readlink(f"/proc/self/fd/{handle}"):
        raise OSError(28, "No space left on device")
    real(handle)
os.fsync = fsync
"""
SECONDS = 30.0
QUESTIONS = ("ThreatQ Host", "ThreatQ Client ID", "ThreatQ Username")
CONFIGURED = "Connector configured. Set information in UI"


@dataclass
class Terminal:
    """A child on a terminal of its own: what it shows, and what a person types."""

    directory: Path
    prompts: list[str]
    handle: int = -1
    shown: str = ""
    read_to: int = 0

    @contextmanager
    def run(self, first: str = "") -> Iterator["subprocess.Popen[bytes]"]:
        """Start the connector after some other code; whatever happens, it ends here."""
        self.handle, theirs = pty.openpty()
        child = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-c", first + MAIN, "-c", str(self.directory)],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        try:
            yield child
        finally:
            child.kill()
            child.wait()
            os.close(self.handle)

    def see(self, text: str) -> str:
        """Read on until a text is shown; return what was shown up to it."""
        while text not in self.shown[self.read_to :]:
            data = self._more()
            assert data, f"{text!r} is not in {self.shown[self.read_to :]!r}"
            self.shown += data.decode().replace("\r\n", "\n")
        start = self.read_to
        self.read_to = self.shown.index(text, start) + len(text)
        return self.shown[start : self.read_to]

    def type(self, question: str, answer: str) -> str:
        """Answer a question; return what was shown since the last one."""
        before = self.see(f"{question}: ")
        os.write(self.handle, f"{answer}\n".encode())
        return before

    def answer(self, first: int = 0) -> None:
        """Answer the questions rightly, from one on."""
        names = [*QUESTIONS, "ThreatQ Password", "Status"]
        for name, right in list(zip(names, self.prompts, strict=True))[first:]:
            self.type(name, right)

    def interrupt(self, child: "subprocess.Popen[bytes]") -> None:
        """Press Ctrl-C, and Enter.

        A signal between the prompt and the reading of the line is seen by Python only
        once that reading returns; so something must be there to be read.
        """
        child.send_signal(signal.SIGINT)
        with suppress(OSError):  # it has ended already
            os.write(self.handle, b"\n")

    def end(self, child: "subprocess.Popen[bytes]") -> int:
        """Read to the end and return the exit code."""
        while data := self._more():
            self.shown += data.decode().replace("\r\n", "\n")
        return child.wait(SECONDS)

    def _more(self) -> bytes:
        ready, _, _ = select.select([self.handle], [], [], SECONDS)
        if not ready:
            return b""
        try:
            return os.read(self.handle, 4096)
        except OSError:  # Linux tells so that the child has let go of the terminal
            return b""


@pytest.fixture(scope="module")
def plain() -> Iterator[Serving]:
    with Serving(Lab(seed=3)) as serving:
        yield serving


@pytest.fixture(scope="module")
def secured() -> Iterator[Serving]:
    with Serving(Lab(seed=4), tls=True) as serving:
        yield serving


@pytest.fixture
def terminal(plain: Serving, tmp_path: Path) -> Terminal:
    return Terminal(tmp_path, plain.card()["prompts"])


@pytest.fixture
def tls(secured: Serving, tmp_path: Path) -> Terminal:
    return Terminal(tmp_path, secured.card()["prompts"])


def test_right_answers_configure_it_and_the_password_is_not_shown(
    terminal: Terminal,
) -> None:
    with terminal.run() as child:
        for name, right in zip(QUESTIONS, terminal.prompts, strict=False):
            terminal.type(name, right)
        terminal.see("ThreatQ Password: ")
        # Echo is off once the prompt is there, or the terminal would show it itself.
        assert not termios.tcgetattr(terminal.handle)[3] & termios.ECHO
        os.write(terminal.handle, f"{terminal.prompts[3]}\n".encode())
        terminal.answer(first=4)
        assert terminal.end(child) == 0
    assert terminal.shown.rstrip().endswith(CONFIGURED)
    assert terminal.prompts[3] not in terminal.shown


def test_a_host_that_is_none_is_named_and_asked_again(terminal: Terminal) -> None:
    with terminal.run() as child:
        terminal.type("ThreatQ Host", "not a host")
        assert "'not a host' is no host" in terminal.see("URL")
        terminal.answer()
        assert terminal.end(child) == 0


def test_a_host_that_is_none_three_times_ends_with_2(terminal: Terminal) -> None:
    with terminal.run() as child:
        for _ in range(3):
            terminal.type("ThreatQ Host", "not a host")
        assert terminal.end(child) == 2
    assert snapshot(terminal.directory) == {}


def test_a_host_out_of_reach_is_named_and_only_it_is_asked_again(
    terminal: Terminal,
) -> None:
    right, terminal.prompts[0] = terminal.prompts[0], "127.0.0.1:1"
    with terminal.run() as child:
        terminal.answer()
        assert "showed no certificate" in terminal.type("ThreatQ Host", right)
        assert terminal.end(child) == 0
    assert terminal.shown.count("ThreatQ Client ID: ") == 1
    assert terminal.shown.rstrip().endswith(CONFIGURED)


def test_a_host_that_is_no_threatq_is_named_and_only_it_is_asked_again(
    terminal: Terminal, plain: Serving
) -> None:
    right, terminal.prompts[0] = terminal.prompts[0], plain.card()["control"]
    with terminal.run() as child:
        terminal.answer()
        assert "POST /api/token: " in terminal.type("ThreatQ Host", right)
        assert terminal.end(child) == 0
    assert terminal.shown.count("Status: ") == 1


def test_a_refused_sign_in_asks_client_id_user_and_password_again(
    terminal: Terminal,
) -> None:
    right, terminal.prompts[3] = terminal.prompts[3], "wrong-wrong"
    with terminal.run() as child:
        terminal.answer()
        before = terminal.type("ThreatQ Client ID", terminal.prompts[1])
        assert "refused the sign-in" in before
        terminal.type("ThreatQ Username", terminal.prompts[2])
        terminal.type("ThreatQ Password", right)
        assert terminal.end(child) == 0
    assert terminal.shown.count("ThreatQ Host: ") == 1
    assert terminal.shown.count("Status: ") == 1


def test_a_sign_in_refused_three_times_ends_with_3_and_leaves_nothing(
    terminal: Terminal, plain: Serving
) -> None:
    terminal.prompts[3] = "wrong-wrong"
    since = plain.lab.journal.since(0)[0]
    with terminal.run() as child:
        terminal.answer()
        for _ in range(2):
            for name, answer in zip(
                [*QUESTIONS[1:], "ThreatQ Password"], terminal.prompts[1:4], strict=True
            ):
                terminal.type(name, answer)
        assert terminal.end(child) == 3
    assert snapshot(terminal.directory) == {}
    assert plain.lab.journal.since(0)[0] - since == 3


def test_an_unknown_status_is_named_with_the_known_ones_and_asked_again(
    terminal: Terminal,
) -> None:
    terminal.prompts[4] = "Nonsense"
    with terminal.run() as child:
        terminal.answer()
        before = terminal.type("Status", "Review")
        assert "no status 'Nonsense'; choose one of: Active" in before
        assert terminal.end(child) == 0
    assert terminal.shown.count("ThreatQ Password: ") == 1


def test_an_unknown_certificate_is_shown_and_trusted_by_a_yes(tls: Terminal) -> None:
    with tls.run() as child:
        tls.answer()
        seen = tls.see("Trust this certificate? [y/N] ")
        os.write(tls.handle, b"y\n")
        assert tls.end(child) == 0
    for word in ("subject", "names", "issuer", "SHA-256"):
        assert word in seen
    assert {*snapshot(tls.directory)} == {
        "tq-conn-citrix-waf.toml",
        "tq-conn-citrix-waf.trust",
    }


def test_a_certificate_that_cannot_be_kept_ends_with_7_and_nothing_else_is_kept(
    tls: Terminal,
) -> None:
    with tls.run(FULL_FOR_PINS) as child:
        tls.answer()
        tls.see("Trust this certificate? [y/N] ")
        os.write(tls.handle, b"y\n")
        assert tls.end(child) == 7
    assert "cannot be written: No space left on device" in tls.shown
    assert snapshot(tls.directory) == {}


def test_a_certificate_that_was_trusted_is_not_asked_about_again(
    tls: Terminal,
) -> None:
    tls.prompts[4] = "Nonsense"
    with tls.run() as child:
        tls.answer()
        tls.see("Trust this certificate? [y/N] ")
        os.write(tls.handle, b"y\n")
        tls.type("Status", "Review")
        assert tls.end(child) == 0
    assert tls.shown.count("Trust this certificate?") == 1


def test_a_no_to_a_certificate_ends_with_3_and_no_credential_was_sent(
    tls: Terminal, secured: Serving
) -> None:
    since = secured.lab.journal.since(0)[0]
    with tls.run() as child:
        tls.answer()
        tls.see("Trust this certificate? [y/N] ")
        os.write(tls.handle, b"n\n")
        assert tls.end(child) == 3
    assert "is not trusted" in tls.shown
    assert snapshot(tls.directory) == {}
    assert secured.lab.journal.since(0)[0] == since


def test_an_interrupt_at_a_prompt_ends_with_130_and_leaves_nothing(
    terminal: Terminal,
) -> None:
    with terminal.run() as child:
        terminal.see("ThreatQ Host: ")
        terminal.interrupt(child)
        assert terminal.end(child) == 130
    assert snapshot(terminal.directory) == {}
