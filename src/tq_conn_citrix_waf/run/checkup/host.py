"""What a run needs of this host: Python, the configuration, places to write, space."""

import platform
import shutil
import ssl
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.config import File
from tq_conn_citrix_waf.core.ports import Clock
from tq_conn_citrix_waf.errors import ConnectorError, StateError
from tq_conn_citrix_waf.run.checkup.finding import Area, Finding
from tq_conn_citrix_waf.store.files import remove, write_private
from tq_conn_citrix_waf.syslog import Syslog, wanted

_FULL, _LOW = 10_000_000, 100_000_000
"""Bytes. A log takes 30 MB at most (six files of 5 MB), the list that was accepted
last about 16 bytes an address, twice while it is replaced."""
_PROBE = ".tq-conn-citrix-waf.check"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO

HOST = Area.HOST


@dataclass(frozen=True, slots=True)
class Places:
    """The directories of a run.

    Attributes:
        directory: of the configuration.
        log_location: a directory, or ``stdout``.
        log_trouble: why the log cannot be written there; None where it can.
    """

    directory: Path
    log_location: str
    log_trouble: StateError | None = None


def host(places: Places, clock: Clock) -> Iterator[Finding]:
    """Yield what was found on this host, but for the configuration itself."""
    yield _python()
    yield HOST.ok("time", f"{clock.now():%Y-%m-%d %H:%M:%S} UTC")
    yield _directory(places.directory)
    yield _log(places)
    yield _space(places)


def beyond(file: File) -> Iterator[Finding]:
    """Yield how the syslog is, where the log goes to one."""
    place = wanted(file.sections.get("log", {}))
    if not place:
        return
    try:
        Syslog.of(place).connect().close()
    except OSError as error:
        words = f"{place}: {error.strerror or error}; the log goes where -ll says"
        yield HOST.warn("syslog", words, "correct [log] syslog, or start a syslog")
    else:
        yield HOST.ok("syslog", f"{place} can be reached")


def configuration(directory: Path) -> tuple[Finding, File | None]:
    """Return what was found about the configuration, and the file if it is good."""
    name = "configuration"
    try:
        file = config.load(directory)
    except ConnectorError as error:
        return HOST.fail(name, error), None
    path = file.path.resolve()
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & _OTHERS:
        words = f"{path} is open to others than its owner (mode {mode:04o})"
        return HOST.warn(name, words, f"chmod 600 {path}"), file
    return HOST.ok(name, f"{path}, instance {file.instance}"), file


def _python() -> Finding:
    own = version("tq-conn-citrix-waf")
    library = " ".join(ssl.OPENSSL_VERSION.split()[:2])
    words = f"{platform.python_version()} with {library}; tq-conn-citrix-waf {own}"
    return HOST.ok("python", words)


def _directory(directory: Path) -> Finding:
    """Write a file and take it away again: modes and mounts tell less than trying."""
    probe = directory / _PROBE
    try:
        write_private(probe, b"written by check, and removed\n")
        remove(probe)
    except StateError as error:
        return HOST.fail("directory", error)
    return HOST.ok("directory", f"{directory.resolve()} can be read and written")


def _log(places: Places) -> Finding:
    if places.log_trouble is not None:
        return HOST.fail("log", places.log_trouble)
    if places.log_location == "stdout":
        return HOST.ok("log", "standard output; a directory is named with -ll")
    return HOST.ok("log", f"{Path(places.log_location).resolve()} can be written")


def _space(places: Places) -> Finding:
    looked_at = [places.directory]
    if places.log_location != "stdout":
        looked_at.append(Path(places.log_location))
    free = {}
    for directory in looked_at:
        try:
            free[directory.resolve()] = shutil.disk_usage(directory).free
        except OSError as error:
            words = f"{directory}: {error.strerror}"
            return HOST.unchecked("space", words)
    least = min(free, key=free.__getitem__)
    words = f"{free[least] / 1_000_000:,.0f} MB free in {least}"
    cure = f"free space in {least}, or give it more"
    if free[least] < _FULL:
        return HOST.fail("space", StateError(f"the disk is full: {words}", cure))
    if free[least] < _LOW:
        return HOST.warn("space", words, cure)
    return HOST.ok("space", words)
