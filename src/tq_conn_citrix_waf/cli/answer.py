"""What a command answers: lines for a person as they come, or one JSON object.

As JSON it stands alone on standard output, also where the command fails half-way: then
it holds what is known so far, and the error.
"""

import argparse
import json
from types import TracebackType
from typing import Any, Self

from tq_conn_citrix_waf.cli.arguments import Arguments
from tq_conn_citrix_waf.cli.screen import say
from tq_conn_citrix_waf.errors import ConnectorError
from tq_conn_citrix_waf.run.report import Report
from tq_conn_citrix_waf.secrets import hide


def json_option(parser: argparse.ArgumentParser) -> None:
    """Let a command be asked for JSON."""
    parser.add_argument("--json", action="store_true", help="as JSON, for a program")


class Answer:
    """The answer of one command; leaving it brings it to an end."""

    def __init__(self, arguments: Arguments) -> None:
        self.as_json: bool = arguments.own.json
        self._told: dict[str, Any] = {"command": arguments.own.command}

    def say(self, *lines: str) -> None:
        """Say something to a person."""
        if not self.as_json:
            say(*lines)

    def tell(self, **facts: object) -> None:
        """Tell a program something, by key."""
        self._told |= facts

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        known = isinstance(error, ConnectorError)
        if not self.as_json or (error is not None and not known):
            return
        told = None
        if isinstance(error, ConnectorError):
            told = {"what": error.what, "cure": error.cure, "exit": int(error.exit)}
        say(hide(json.dumps(self._told | {"error": told}, indent=1)))


def written(report: Report) -> dict[str, Any]:
    """Return what was written, for ``Answer.tell``."""
    return {
        "appliance": report.appliance,
        "saved": report.saved,
        "sets": [
            {
                "name": change.plan.dataset.name,
                "family": int(change.plan.dataset.family),
                "bound": [str(entry) for entry in change.applied.done],
                "unbound": [str(entry) for entry in change.applied.undone],
            }
            for change in report.changes
        ],
    }
