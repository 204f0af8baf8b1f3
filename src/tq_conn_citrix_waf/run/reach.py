"""How each of the two systems is reached: its trust and its proxy.

Asked in this order: the command line, the file, and for ThreatQ's proxy the
environment. The way to an appliance is never the environment's to choose.
"""

import shlex
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tq_conn_citrix_waf.config import File
from tq_conn_citrix_waf.errors import ConfigurationError
from tq_conn_citrix_waf.http import UntrustedError
from tq_conn_citrix_waf.log import log
from tq_conn_citrix_waf.settings import base_url
from tq_conn_citrix_waf.store.pins import Pins
from tq_conn_citrix_waf.trust import Trust, environment_proxy
from tq_conn_citrix_waf.wire import Wire

PROGRAM = "tq-conn-citrix-waf"
Section = Literal["threatq", "netscaler"]


@dataclass(frozen=True, slots=True)
class Way:
    """The way to one system; ``proxy`` '' is the straight one."""

    url: str
    trust: Trust
    proxy: str


def way(
    file: File,
    section: Section,
    url: str,
    ca_file: str = "",
    pins: Mapping[str, str] | None = None,
) -> Way:
    """Return the way to a system.

    Args:
        file: the configuration file; pins lie beside it.
        section: the system's.
        url: the system's, without a path.
        ca_file: beats the file's.
        pins: trusted by a person and not yet kept: "host:port" -> SHA-256.

    Raises:
        ConfigurationError: the pins cannot be read.
    """
    own = file.sections.get(section, {})
    directory = file.path.parent
    trust = Trust(
        ca_file or file.get(section, "ca_file"),
        {**Pins(directory).read(), **(pins or {})},
        verify=bool(own.get("verify", True)),
        command=command_line("trust", directory),
    )
    proxy = file.get(section, "proxy")
    if section == "threatq" and "proxy" not in own:
        proxy = environment_proxy(url)
    return Way(url, trust, proxy)


def threatq_url(file: File) -> str:
    """Return ThreatQ's URL, without a path.

    Raises:
        ConfigurationError: the file's host is none.
    """
    try:
        return base_url(file.get("threatq", "host"))
    except ValueError as error:
        raise ConfigurationError(
            f"{file.path}: [threatq] host: {error}", "correct it in the file"
        ) from error


def command_line(command: str, directory: Path) -> str:
    """Return one of our command lines, up to its options, to be pasted into a shell."""
    return f"{_program()} {command} -c {shlex.quote(str(directory.resolve()))}"


def approve(directory: Path) -> str:
    """Return the command line that allows what is held, with ``ID`` for the id."""
    return f'{command_line("approve ID", directory)} --reason "..."'


def resume(directory: Path) -> str:
    """Return the command line that ends a pause."""
    return f'{command_line("resume", directory)} --reason "..."'


def _program() -> str:
    """Return how a shell finds this program: by its path, if not by its name.

    In a virtual environment, as the guide has it, it stands on nobody's PATH.
    """
    here = Path(sys.argv[0])
    if here.name != PROGRAM or shutil.which(PROGRAM):
        return PROGRAM
    return shlex.quote(str(here.absolute()))


def warn(way: Way) -> None:
    """Say in the log what is not safe about a way."""
    if way.url.startswith("http://"):
        log.warning(
            "%s is not encrypted: anyone on the way reads the password", way.url
        )
    elif not way.trust.verify:
        log.warning(
            "%s: its certificate is not verified (verify = false): anyone on the way"
            " can read the password",
            way.url,
        )


def wire(trust: Trust, proxy: str) -> Wire:
    """Return the real transport of a way.

    Raises:
        ConfigurationError: the CA file or the proxy is none.
    """
    try:
        return Wire(trust, proxy)
    except UntrustedError as error:
        raise ConfigurationError(str(error), "correct ca_file or --ca-file") from error
    except ValueError as error:
        raise ConfigurationError(
            str(error), "correct proxy in the file, or HTTPS_PROXY in the environment"
        ) from error
