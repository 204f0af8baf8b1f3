"""What goes wrong with the directories, and who else ends a run."""

import errno
import os
from collections.abc import Callable
from dataclasses import replace

from support.scenarios.configuration import nothing
from support.scenarios.stage import FIRST, Scenario, Stage
from support.transport import LabClock
from tq_conn_citrix_waf.errors import LockedError, StateError, StoppedError
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.log import FILE_NAME
from tq_conn_citrix_waf.store.lock import lock

CODE = Exit.STATE


def fails(name: str, number: int, part: str) -> Callable[[Stage], None]:
    """Return what lets a call of the system fail for paths that hold a part."""
    real = getattr(os, name)

    def arrange(stage: Stage) -> None:
        def failing(where: object, *rest: object, **named: object) -> object:
            path = f"/proc/self/fd/{where}" if isinstance(where, int) else str(where)
            told = os.readlink(path) if isinstance(where, int) else path  # noqa: PTH115  # a descriptor's
            if part in told:
                raise OSError(number, os.strerror(number), told)
            return real(where, *rest, **named)

        stage.patch.setattr(os, name, failing)

    return arrange


def locked(stage: Stage) -> None:
    """Let another run hold the lock."""
    stage.stack.enter_context(lock(stage.directory))


def damaged(stage: Stage) -> None:
    """Cut the record of what is held."""
    stage.collection(FIRST[11:])
    stage.tell()
    (path,) = stage.directory.glob("*.held")
    path.write_text(path.read_text("utf-8")[:20], "utf-8")


def unlogged(stage: Stage) -> None:
    """Let the log be on a disk that is full."""
    (stage.logs / FILE_NAME).symlink_to("/dev/full")


def gone(stage: Stage) -> None:
    """Let the configuration directory not be there."""
    stage.directory.rmdir()


class _Pressed(LabClock):
    """A clock at which somebody presses Ctrl-C while the run waits."""

    def sleep(self, seconds: float) -> None:  # noqa: ARG002  # the clock's own
        raise KeyboardInterrupt


def interrupted(stage: Stage) -> None:
    """Let a person end the run while it waits for the appliance."""
    stage.fault("status", "netscaler", path="hanode", params={"status": 503})
    stage.world = replace(stage.outside(), clock=_Pressed(stage.lab.clock))


def at(when: str, arrange: Callable[[Stage], object], *, log: str = "") -> Scenario:
    """Return a run that ends with a ``StateError``."""
    return Scenario(when, StateError, CODE, arrange, log=log, mute=bool(log))


SCENARIOS = (
    Scenario("another run holds the lock", LockedError, CODE, locked),
    at("the disk is full", fails("fsync", errno.ENOSPC, ".accepted")),
    at("the directory is read-only", fails("open", errno.EROFS, ".lock")),
    at("the log's directory is a device", nothing, log="/dev/full"),
    at("the log's directory is not there", nothing, log="/nowhere"),
    Scenario(
        "the disk of the log is full: the run goes on",
        StateError,
        CODE,
        unlogged,
        mute=True,
        writes=True,
    ),
    Scenario(
        "first run: the directory is not there", StateError, CODE, gone, fresh=True
    ),
    Scenario(
        "approve: the record of what is held is damaged",
        StateError,
        CODE,
        damaged,
        ("approve",),
    ),
    Scenario(
        "a person or a signal ends the run",
        StoppedError,
        Exit.INTERRUPTED,
        interrupted,
    ),
)
