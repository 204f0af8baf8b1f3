"""``trust``: a person looks at a certificate and says that it is the right one.

1. Looking sends nothing: handshakes, no request, no credential.
2. Nothing is trusted unasked: at a terminal a person answers, elsewhere the SHA-256
   that a person read must be given, and be equal.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.certificates import Certificate, Endpoint, digits, grouped
from tq_conn_citrix_waf.cli.answer import Answer, json_option
from tq_conn_citrix_waf.cli.arguments import Arguments, Command, login_name
from tq_conn_citrix_waf.cli.screen import say
from tq_conn_citrix_waf.config import File
from tq_conn_citrix_waf.errors import (
    ConfigurationError,
    ConnectorError,
    NotConfiguredError,
    SourceCertificateError,
    SourceUnreachableError,
    TargetCertificateError,
    TargetUnreachableError,
)
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.http import NotSentError
from tq_conn_citrix_waf.log import log
from tq_conn_citrix_waf.run import reach
from tq_conn_citrix_waf.run.site import Outside, open_session
from tq_conn_citrix_waf.settings import LABELS, base_url
from tq_conn_citrix_waf.store.pins import Pin, Pins
from tq_conn_citrix_waf.threatq import connector

_QUESTION = "Trust this certificate? [y/N] "


@dataclass(frozen=True, slots=True)
class _System:
    """One of the two systems; ``section`` is where its settings stand."""

    section: reach.Section
    way: reach.Way

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint.of(self.way.url)

    def __str__(self) -> str:
        name = "ThreatQ" if self.section == "threatq" else "the NetScaler"
        return f"{self.endpoint} ({name})"

    def look(self) -> Certificate:
        """Return its certificate."""
        try:
            return reach.wire(self.way.trust, self.way.proxy).inspect(self.way.url)
        except NotSentError as error:
            kind = _UNREACHABLE[self.section]
            raise kind(
                f"{self} showed no certificate: {error}",
                "check host, port, proxy and firewall, and that it listens for HTTPS",
            ) from error

    def distrust(self, found: Certificate) -> ConnectorError:
        """Return the error that its certificate stays untrusted."""
        wire = reach.wire(self.way.trust, self.way.proxy)
        said = wire.distrust(self.way.url, found)
        what = f"the certificate of {self} is not trusted: {said}"
        return _UNTRUSTED[self.section](what, said.cure)

    def differs(self, found: Certificate, wanted: str) -> ConnectorError:
        """Return the error that it shows another certificate than was named."""
        return _UNTRUSTED[self.section](
            f"{self} shows another certificate than --sha256 names: {found}",
            f"find out whose it is; {grouped(wanted)} was expected",
        )


_UNTRUSTED = {"threatq": SourceCertificateError, "netscaler": TargetCertificateError}
_UNREACHABLE = {"threatq": SourceUnreachableError, "netscaler": TargetUnreachableError}


def ask_trust(file: File, ca_file: str = "") -> Mapping[str, str]:
    """Ask at a terminal whether ThreatQ's certificate is good, if it needs asking.

    For the first run, before anything is sent or written.

    Args:
        file: the configuration, perhaps not yet written.
        ca_file: beats the file's.

    Returns:
        what was trusted, for ``register`` and ``keep_trust``: "host:port" -> SHA-256;
        empty where there was nothing to ask, or nobody.

    Raises:
        SourceUnreachableError: there is no handshake to be had.
        SourceCertificateError: a person said no.
    """
    url = reach.threatq_url(file)
    system = _System("threatq", reach.way(file, "threatq", url, ca_file))
    needless = url.startswith("http://") or not system.way.trust.verify
    if needless or not sys.stdin.isatty():
        return {}
    found = system.look()
    if not found.problem:
        return {}
    _show(system, found)
    if not _agreed():
        raise system.distrust(found)
    return {str(system.endpoint): found.sha256}


def keep_trust(
    directory: Path,
    trusted: Mapping[str, str],
    now: datetime,
    show: Callable[[str], None] = say,
) -> None:
    """Keep what a person trusted, and show it.

    Raises:
        ConfigurationError, StateError: it could not be kept.
    """
    for place, sha256 in trusted.items():
        pin = Pin(Endpoint.of(f"https://{place}"), sha256, login_name(), now)
        pins = Pins(directory)
        pins.keep(pin)
        log.info("%s trusted the certificate of %s: SHA-256 %s", pin.who, place, sha256)
        show(f"Trusted for {place}, kept in {pins.path}: SHA-256 {grouped(sha256)}")


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "endpoints",
        nargs="*",
        metavar="HOST:PORT",
        help="whose certificate; without: ThreatQ's and the appliance's, as configured",
    )
    parser.add_argument(
        "--sha256",
        metavar="HEX",
        default="",
        help="trust it unasked, if this is its SHA-256; needed without a terminal",
    )
    json_option(parser)


def _run(arguments: Arguments, outside: Outside) -> Exit:
    wanted, now = _wanted(arguments), outside.clock.now()
    seen: list[dict[str, object]] = []
    with Answer(arguments) as answer:
        answer.tell(systems=seen)
        for system in _systems(arguments, outside, answer.say):
            found = system.look()
            seen.append(told := _told(system, found))
            if not system.way.trust.verify:
                words = "verify = false: no certificate is verified, pinned or not"
                answer.say(f"{system}: {words}")
            pinned = system.way.trust.pin(system.way.url) == found.sha256
            if pinned or not (found.problem or wanted):
                how = "by its SHA-256" if pinned else "by its authority"
                told["trusted"] = how
                answer.say(f"{system}: its certificate is trusted already, {how}")
                continue
            _show(system, found, answer.say)
            if wanted and wanted != found.sha256:
                raise system.differs(found, wanted)
            if not wanted and (answer.as_json or not _agreed()):
                raise system.distrust(found)
            good = {str(system.endpoint): found.sha256}
            keep_trust(arguments.directory, good, now, answer.say)
            told["trusted"] = "now"
    return Exit.IN_STEP


def _told(system: _System, found: Certificate) -> dict[str, object]:
    return {
        "endpoint": str(system.endpoint),
        "system": system.section,
        "verified": system.way.trust.verify,
        "certificate": {**dict(found.rows()), "SHA-256": found.sha256},
        "problem": found.problem,
        "trusted": None,
    }


def _wanted(arguments: Arguments) -> str:
    """Return the SHA-256 that was given, or ''."""
    text = arguments.own.sha256
    if not text:
        return ""
    if len(arguments.own.endpoints) != 1:
        raise ConfigurationError(
            "--sha256 is that of one certificate", "name its HOST:PORT, and only one"
        )
    try:
        return digits(text)
    except ValueError as error:
        raise ConfigurationError(str(error), "copy it whole") from error


def _systems(
    arguments: Arguments, outside: Outside, show: Callable[[str], None]
) -> Iterator[_System]:
    """Give the systems one by one: the form is read once ThreatQ is trusted."""
    directory, ca_file = arguments.directory, arguments.ca_file
    places = arguments.own.endpoints
    try:
        file = config.load(directory)
    except NotConfiguredError:
        if not places:
            raise
        # Before an unattended first run: ThreatQ is all that there is to trust.
        file = File(directory / config.FILE_NAME, {})
    for place in places:
        url = _url(place, "HOST:PORT", https=True)
        section = _section(file, url)
        yield _System(section, reach.way(file, section, url, ca_file))
    if not places:
        for section in ("threatq", "netscaler"):
            url = reach.threatq_url(file)
            if section == "netscaler":
                url = _appliance(file, ca_file, outside)
            if none := _without(url):
                show(none)
            else:
                yield _System(section, reach.way(file, section, url, ca_file))


def _without(url: str) -> str:
    """Say why a system of the configuration shows no certificate; '' if it does."""
    if not url:
        return "No appliance is named yet, in the form or in the file."
    if url.startswith("http://"):
        return f"{url} speaks HTTP, not HTTPS: it has no certificate."
    return ""


def _section(file: File, url: str) -> reach.Section:
    """Return whose settings lead to a URL: an unknown one is an appliance's."""
    if not file.sections:
        return "threatq"
    ours = Endpoint.of(reach.threatq_url(file)) == Endpoint.of(url)
    return "threatq" if ours else "netscaler"


def _appliance(file: File, ca_file: str, outside: Outside) -> str:
    """Return the appliance's URL, from the file or the form; '' where none is named."""
    own = file.sections.get("netscaler", {})
    host, https = own.get("host"), own.get("https")
    whole = host and (https is not None or "://" in host)
    if not whole and file.flag("threatq", "form", default=True):
        session = open_session(file, ca_file, outside)
        fields = connector.read_form(session, file.connector).fields
        host = host or fields.get(LABELS["host"])
        box = fields.get(LABELS["https"])
        https = box if https is None and isinstance(box, bool) else https
    return _url(str(host), LABELS["host"], https=https) if host else ""


def _url(text: str, place: str, *, https: bool | None = None) -> str:
    try:
        url = base_url(text, https=https)
        Endpoint.of(url)
    except ValueError as error:
        raise ConfigurationError(f"{place}: {error}", "correct it") from error
    return url


def _show(
    system: _System, found: Certificate, show: Callable[[str], None] = say
) -> None:
    show(f"{system} shows this certificate; {found.problem or 'it is trusted'}:")
    for label, text in found.rows():
        show(f"  {label:<8} {text}")


def _agreed() -> bool:
    """Ask a person; nobody there, or no answer, is a no."""
    if not sys.stdin.isatty():
        return False
    try:
        return input(_QUESTION).strip().lower() in ("y", "yes")
    except EOFError:
        print()
        return False


COMMAND = Command(
    "trust",
    "look at a certificate and trust it",
    "trust -c /etc/tq_labs adc1.example.com:443",
    _options,
    _run,
)
