"""The first run: what is known, what is asked, an entry in ThreatQ, and the file.

1. What the vendor's connector left is taken over; only the rest is asked.
2. Nothing is written before all went well.
3. At a terminal what ThreatQ refuses is named and asked again; piped, it ends the run.
4. That ThreatQ takes no entry ends well: the file then holds what the form would.
"""

import os
import secrets as randomness
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tq_conn_citrix_waf import config, secrets, vendor
from tq_conn_citrix_waf.certificates import Endpoint
from tq_conn_citrix_waf.cli.arguments import Arguments
from tq_conn_citrix_waf.cli.questions import QUESTIONS, TRIES, ask, attended
from tq_conn_citrix_waf.cli.trust import ask_trust, keep_trust
from tq_conn_citrix_waf.config import File
from tq_conn_citrix_waf.errors import (
    ConnectorError,
    LockedError,
    SourceFaultError,
    SourceRefusedError,
    SourceSignInError,
    SourceUnreachableError,
    StateError,
    StatusUnknownError,
)
from tq_conn_citrix_waf.run.reach import threatq_url
from tq_conn_citrix_waf.run.site import Outside, open_session
from tq_conn_citrix_waf.store.files import remove, write_private
from tq_conn_citrix_waf.store.lock import lock_bare
from tq_conn_citrix_waf.threatq.connector import NotRegistered, Registered, register

CONFIGURED = "Connector configured. Set information in"
_SIGN_IN = ("client_id", "client_secret", "username", "password")
_WORDS = {q.key: q.words for q in QUESTIONS} | {"client_secret": "client secret"}


@dataclass(slots=True)
class _Draft:
    """The file as it will be.

    ``trusted`` is what a person trusted meanwhile: "host:port" -> SHA-256.
    """

    path: Path
    name: str
    ca_file: str
    answers: dict[str, str] = field(default_factory=dict, repr=False)
    trusted: Mapping[str, str] = field(default_factory=dict)
    instance: str = field(default_factory=lambda: randomness.token_hex(4))

    def ask(self) -> None:
        """Ask what is not known; a client of its own needs no user."""
        user = () if "client_secret" not in self.answers else ("username", "password")
        for question in QUESTIONS:
            if question.key not in self.answers and question.key not in user:
                self.answers[question.key] = ask(question)

    def values(self, *, form: bool = True) -> dict[str, dict[str, object]]:
        threatq: dict[str, object] = {**self.answers, "connector": self.name}
        netscaler: dict[str, object] = {}
        if self.ca_file:
            threatq["ca_file"] = netscaler["ca_file"] = self.ca_file
        if not form:
            threatq["form"] = False
        return {
            "": {"instance": self.instance},
            "threatq": threatq,
            "netscaler": netscaler,
        }

    def file(self) -> File:
        return config.check(self.path, self.values())


def first_run(arguments: Arguments, outside: Outside) -> None:
    """Take over, ask, register, write.

    Raises:
        ConfigurationError: an answer is wrong or missing.
        SourceError: ThreatQ refused it, or cannot be reached.
        StateError: the directory cannot be written.
        LockedError: another first run works with it.
    """
    directory = arguments.directory
    if not (
        os.path.isdir(directory)  # noqa: PTH112  # pathlib's raises where it may not look
        and os.access(directory, os.R_OK | os.W_OK | os.X_OK)
    ):
        raise StateError(
            f"{directory} is no directory that can be written",
            "make it (mkdir -p), writable for the user who runs the connector",
        )
    with lock_bare(directory):
        _configure(arguments, outside)


def _configure(arguments: Arguments, outside: Outside) -> None:
    directory = arguments.directory
    path = directory / config.FILE_NAME
    if path.exists():
        raise LockedError(
            f"another first run has just configured {directory}", "run it again"
        )
    ca_file = str(Path(arguments.ca_file).resolve()) if arguments.ca_file else ""
    draft = _Draft(path, arguments.name, ca_file)
    draft.answers = _taken_over(directory)
    done = _registered(draft, outside)
    form = isinstance(done, Registered)
    write_private(draft.path, config.render(draft.values(form=form)).encode())
    try:
        keep_trust(directory, draft.trusted, outside.clock.now())
    except BaseException:
        remove(draft.path)
        raise
    if isinstance(done, NotRegistered):
        print(_refused(done, draft.name))
    print(CONFIGURED, "UI" if form else draft.path)


def _registered(draft: _Draft, outside: Outside) -> Registered | NotRegistered:
    """Register, and ask again at a terminal what ThreatQ does not take."""
    refused: Counter[tuple[str, ...]] = Counter()
    while True:
        draft.ask()
        signed_in = False
        try:
            file = draft.file()
            if str(Endpoint.of(threatq_url(file))) not in draft.trusted:
                draft.trusted = {**draft.trusted, **ask_trust(file)}
            session = open_session(file, "", outside, draft.trusted)
            session.sign_in()
            signed_in = True
            return register(session, file.connector, file.get("threatq", "status"))
        except ConnectorError as error:
            doubtful = _doubtful(error, signed_in=signed_in)
            refused[doubtful] += 1
            if not doubtful or refused[doubtful] == TRIES or not attended():
                raise
            print(secrets.hide(f"{error.what}; {error.cure}"))
            for key in doubtful:
                draft.answers.pop(key, None)


def _doubtful(error: ConnectorError, *, signed_in: bool) -> tuple[str, ...]:
    """Return the answers that an error puts in doubt."""
    if isinstance(error, StatusUnknownError):
        return ("status",)
    if signed_in:
        return ()
    if isinstance(error, SourceSignInError):
        return _SIGN_IN
    # What answers, but not as ThreatQ does, is something else.
    other = (SourceUnreachableError, SourceFaultError, SourceRefusedError)
    return ("host",) if isinstance(error, other) else ()


def _refused(done: NotRegistered, name: str) -> str:
    said = f"{done.status} ({done.words})" if done.words else str(done.status)
    return secrets.hide(
        f"ThreatQ did not make the entry {name!r}; it answered {said}. Likely the user"
        " lacks a role that may add integrations, such as Maintenance. The settings"
        " that its form would hold stand in the file instead, under [netscaler]."
    )


def _taken_over(directory: Path) -> dict[str, str]:
    """Take over what the vendor's connector left, and say so."""
    found = vendor.find(directory)
    for path, why in found.damaged:
        print(f"{path} cannot be read ({why}): nothing is taken from it.")
    if found.disagreeing:
        names = ", ".join(map(str, found.disagreeing))
        print(f"These may be of the vendor's connector, but disagree: {names}")
        print("None is taken.")
    if found.taken is None:
        return {}
    path = found.taken.path
    answers = {}
    for question in QUESTIONS:
        text = found.taken.values.get(question.key)
        if text is not None:
            try:
                answers[question.key] = question.read(text)
            except ValueError as error:
                print(f"{path}: {question.words}: {error}")
    if "client_secret" in found.taken.values and "client_id" in answers:
        answers["client_secret"] = found.taken.values["client_secret"]
        secrets.keep(answers["client_secret"])
    names = ", ".join(_WORDS[key] for key in answers) or "nothing"
    print(f"Found {path} of the vendor's connector. Taken from it: {names}.")
    print("It stays as it is.")
    return answers
