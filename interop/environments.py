"""An environment for each client, outside the project's, from a file with hashes.

It is made when absent or when what it depends on has changed. pip's own settings and
variables hold (index, proxies, certificates).
"""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "interop"
_REQUIREMENTS = Path(__file__).parent / "requirements"
_LIMIT = 600
"""Seconds for one command of the installation."""

# antlr4 4.8, which stix-shifter pins, imports typing.io, gone since 3.13.
_FITS = "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))"


class NoEnvironmentError(Exception):
    """An environment cannot be made; the text says why, and what would help."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What a client needs.

    Attributes:
        name: of its environment and of its file of requirements.
        parts: folders to take out of a wheel that is not installed, as they stand, by
            the name of the file that pins the wheel.
        requirements: the folder of those files.
        home: the folder that the environment is made in.
    """

    name: str
    parts: tuple[tuple[str, str], ...] = ()
    requirements: Path = _REQUIREMENTS
    home: Path = FOLDER

    def file(self, name: str) -> Path:
        """Return one of the files that pin what is needed."""
        return self.requirements / f"{name}.txt"


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment that is ready; ``parts`` holds what was taken out of wheels."""

    folder: Path

    def program(self, name: str) -> Path:
        """Return where one of its programs is."""
        return self.folder / "bin" / name

    @property
    def parts(self) -> Path:
        """The folder of what was taken out of wheels."""
        return self.folder / "parts"


def prepare(needs: Needs) -> Environment:
    """Return a client's environment; make it first if it is not there.

    Raises:
        NoEnvironmentError: it cannot be made.
    """
    folder = needs.home / f"venv-{needs.name}"
    ready, stamp = folder / "ready", _stamp(needs)
    if not ready.exists() or ready.read_text("utf-8") != stamp:
        shutil.rmtree(folder, ignore_errors=True)
        _install(folder, needs)
        ready.write_text(stamp, "utf-8")
    return Environment(folder)


def _stamp(needs: Needs) -> str:
    files = [needs.name, *(file for file, _ in needs.parts)]
    texts = [needs.file(name).read_bytes() for name in files]
    made = [sys.version, repr(needs), Path(__file__).read_text("utf-8")]
    return hashlib.sha256(b"".join([*texts, *(m.encode() for m in made)])).hexdigest()


def _install(folder: Path, needs: Needs) -> None:
    pip = _environment(folder)
    # The files name all that is needed, so nothing is left to the resolver: pip before
    # 24 refuses a file with hashes where an extra is asked for as well.
    hashed = ["--quiet", "--require-hashes", "--no-deps"]
    pinned = needs.file(needs.name)
    _run([*pip, "install", *hashed, "--no-compile", "-r", str(pinned)])
    for file, part in needs.parts:
        wheels = folder / "wheels"
        pinned = needs.file(file)
        _run([*pip, "download", *hashed, "-d", str(wheels), "-r", pinned])
        for wheel in wheels.glob("*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                names = [n for n in archive.namelist() if n.startswith(part)]
                archive.extractall(folder / "parts", names)
        shutil.rmtree(wheels)


def _environment(folder: Path) -> list[str | Path]:
    """Make an empty environment; return the command that is its pip.

    Debian packs venv without ensurepip; then another pip is told to work on it.
    """
    pythons = [python for python in _candidates() if _works([python, "-c", _FITS])]
    if not pythons:
        raise NoEnvironmentError("the clients run on Python 3.11 and 3.12: install one")
    inside = folder / "bin" / "python"
    if _works([pythons[0], "-m", "venv", folder]):
        return [inside, "-m", "pip"]
    shutil.rmtree(folder, ignore_errors=True)
    _run([pythons[0], "-m", "venv", "--without-pip", folder])
    for python in pythons:
        if _works([python, "-m", "pip", "--python", inside, "--version"]):
            return [python, "-m", "pip", "--python", inside]
    raise NoEnvironmentError("no pip is here: install your system's python3-venv")


def _candidates() -> list[str | Path]:
    """Return what may be a Python: this one, what it was made from, those on PATH."""
    base = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info[1]}"
    return [sys.executable, base, "python3.12", "python3.11"]


def _works(command: list[str | Path]) -> bool:
    try:
        _run(command)
    except NoEnvironmentError:
        return False
    return True


def _run(command: list[str | Path]) -> None:
    settings = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    try:
        done = subprocess.run(  # noqa: S603  # python's own venv and pip
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=_LIMIT,
            env=settings,
        )
    except FileNotFoundError as error:
        raise NoEnvironmentError(f"there is no {command[0]}") from error
    except subprocess.TimeoutExpired as error:
        raise NoEnvironmentError(f"no end after {_LIMIT} s: {command}") from error
    if done.returncode:
        words = " ".join(str(word) for word in command)
        lines = [w for w in done.stdout.splitlines() if not w.startswith("WARNING")]
        raise NoEnvironmentError("\n".join([words, *lines[-12:]]))
