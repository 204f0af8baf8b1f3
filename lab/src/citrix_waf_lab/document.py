"""Writes the tables of docs/lab.md from the code, so that they cannot go stale.

``python -m citrix_waf_lab.document`` renews the part between the two marks;
``--check`` changes nothing and ends with 1 if that part is stale.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path

from citrix_waf_lab.catalogue import FAULTS
from citrix_waf_lab.dialects import Switch
from citrix_waf_lab.kinds import Param
from citrix_waf_lab.lab import RUNNING, SWITCHES
from citrix_waf_lab.quirks import FRAME, Quirk

BEGIN = "<!-- from here on generated: python -m citrix_waf_lab.document -->\n"
END = "<!-- up to here generated -->\n"

EMULATORS = {"netscaler": "NetScaler", "threatq": "ThreatQ"}
PARTS = {"frame": "the lab itself", **EMULATORS}


class NoMarksError(ValueError):
    """A page has no place for what is generated."""


def renewed(page: str) -> str:
    """Return a page with its generated part made anew.

    Raises:
        NoMarksError: the page has not both marks.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise NoMarksError(f"the page needs the lines {BEGIN!r} and {END!r}")
    return f"{before}{BEGIN}\n{''.join(generated())}{END}{after}"


def generated() -> Iterator[str]:
    """Yield the generated part, piece by piece."""
    yield "## Faults\n\n"
    yield from _faults()
    for part, title in PARTS.items():
        yield f"\n## Switches of {title}\n\n"
        yield from _switches(SWITCHES[part])
    yield "\n## Quirks of both systems\n\n"
    yield from _quirks(FRAME)
    for part, title in EMULATORS.items():
        yield f"\n## Quirks of {title}\n\n"
        yield from _quirks(quirks(part))
        yield f"\n## Not emulated of {title}\n\n"
        yield from _table(("what", "told in"), left_out(part))
    yield "\n"


def quirks(part: str) -> Sequence[Quirk]:
    """Return the quirks of an emulator."""
    found: Sequence[Quirk] = import_module(f"citrix_waf_lab.{part}.quirks").QUIRKS
    return found


def left_out(part: str) -> Sequence[tuple[str, str]]:
    """Return what an emulator leaves out: what, and where that is told of."""
    module = import_module(f"citrix_waf_lab.{part}.quirks")
    found: Sequence[tuple[str, str]] = module.NOT_EMULATED
    return found


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield _row(head)
    yield _row(["---"] * len(head))
    yield from map(_row, rows)


def _row(cells: Iterable[str]) -> str:
    safe = (cell.replace("|", "\\|").replace("<", "\\<") for cell in cells)
    return f"| {' | '.join(safe)} |\n"


def _code(value: object) -> str:
    """Return a value as the control interface takes it."""
    return f"`{json.dumps(value)}`"


def _faults() -> Iterator[str]:
    yield from _table(
        ("name", "for", "what happens", "parameters (default)", "seen in"),
        (
            (
                f"`{fault.name}`",
                ", ".join(fault.services),
                fault.about,
                "; ".join(map(_param, fault.params)) or "none",
                fault.source,
            )
            for fault in FAULTS.values()
        ),
    )


def _param(param: Param) -> str:
    default = "needed" if param.required else _code(param.default)
    return f"`{param.name}` ({default}): {param.about}"


def _switches(switches: Iterable[Switch]) -> Iterator[str]:
    yield from _table(
        ("name", "what it decides", "default", "other answers", "mark", "source"),
        (
            (
                f"`{one.name}`",
                one.about,
                _default(one),
                _others(one),
                one.mark,
                one.source,
            )
            for one in switches
        ),
    )


def _default(switch: Switch) -> str:
    running = RUNNING.get(switch.name)
    if running is None:
        return _code(switch.default)
    return f"{_code(running)} over sockets, {_code(0)} in process"


def _others(switch: Switch) -> str:
    if switch.choices is None:
        return "any number" if switch.most is None else f"0 to {switch.most:g}"
    shown = map(_code, switch.choices)
    return ", ".join(one for one in shown if one != _code(switch.default))


def _quirks(found: Iterable[Quirk]) -> Iterator[str]:
    yield from _table(
        ("id", "behaviour", "mark", "source", "exchange"),
        (
            (
                f"`{one.id}`",
                one.says,
                one.mark,
                one.source,
                "none" if one.exchange is None else f"`{one.exchange}`",
            )
            for one in found
        ),
    )


def main(arguments: list[str] | None = None) -> int:
    """Renew or check a page; 0 if it is now up to date, 1 if not."""
    parser = argparse.ArgumentParser(prog="python -m citrix_waf_lab.document")
    parser.add_argument("page", type=Path, nargs="?", default=Path("docs/lab.md"))
    parser.add_argument("--check", action="store_true", help="change nothing")
    options = parser.parse_args(arguments)
    page = options.page.read_text(encoding="utf-8")
    fresh = renewed(page)
    if options.check:
        if fresh != page:
            sys.stderr.write(f"{options.page} is stale; renew it with: make docs\n")
        return int(fresh != page)
    options.page.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
