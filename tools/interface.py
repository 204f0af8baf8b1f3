"""Writes what is made from the command line's grammar: shell completions, the man page.

``python -m tools.interface`` renews them in packaging/; ``--check`` changes nothing and
ends with 1 if one is stale. Bash and zsh are shtab's work, which knows no fish.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import shtab

from tools.pages import settle
from tq_conn_citrix_waf.cli.arguments import EXAMPLE, HOME, Command, grammar
from tq_conn_citrix_waf.cli.main import COMMANDS
from tq_conn_citrix_waf.config import FILE_NAME
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.run.reach import PROGRAM

FOLDER = Path(__file__).parents[1] / "packaging"
DIRECTORIES, FILES = ("LOGLOCATION", "CONFIG"), ("FILE",)
"""Placeholders of what a shell can complete."""


def parsers() -> tuple[argparse.ArgumentParser, Mapping[str, argparse.ArgumentParser]]:
    """Return the whole grammar, and that of each command by its name."""
    whole = grammar(COMMANDS, lambda _arguments, _outside: Exit.IN_STEP)
    groups = [a for a in actions(whole) if isinstance(a.choices, Mapping)]
    of: dict[str, argparse.ArgumentParser] = dict(groups[0].choices or {})
    for parser in (whole, *of.values()):
        for action in actions(parser):
            kind = {**dict.fromkeys(DIRECTORIES, shtab.DIRECTORY), "FILE": shtab.FILE}
            if action.metavar in kind:
                action.complete = kind[str(action.metavar)]  # type: ignore[attr-defined]  # where shtab looks
    return whole, of


def actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return what a parser takes, in its own order."""
    return list(parser._actions)  # noqa: SLF001  # argparse tells it nowhere else


def about(action: argparse.Action) -> str:
    """Return the help of an option, its default filled in."""
    return (action.help or "") % (vars(action) | {"prog": PROGRAM})


def fish() -> str:
    """Return the completions for fish."""
    whole, of = parsers()
    lines = [f"complete -c {PROGRAM} -f"]
    lines += [
        f"complete -c {PROGRAM} -n __fish_use_subcommand -a {command.name}"
        f" -d {_quoted(command.about)}"
        for command in COMMANDS
    ]
    for name, parser in (("", whole), *of.items()):
        first = "__fish_use_subcommand"
        when = f"'__fish_seen_subcommand_from {name}'" if name else first
        lines += [
            f"complete -c {PROGRAM} -n {when}{_fish_option(action)}"
            for action in actions(parser)
            if action.option_strings
        ]
    return "\n".join(lines) + "\n"


def _fish_option(action: argparse.Action) -> str:
    words = ""
    for option in action.option_strings:
        name = option.lstrip("-")
        kind = "l" if option.startswith("--") else "s" if len(name) == 1 else "o"
        words += f" -{kind} {name}"
    if action.nargs != 0:
        words += " -r"
        if action.metavar in DIRECTORIES:
            words += " -a '(__fish_complete_directories)'"
        elif action.metavar in FILES:
            words += " -F"
        elif action.choices:
            words += f" -a '{' '.join(map(str, action.choices))}'"
    return f"{words} -d {_quoted(about(action))}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def man() -> str:
    """Return the man page; one source of each word is the grammar."""
    whole, of = parsers()
    lines = [
        f'.TH {PROGRAM.upper()} 1 "" "{PROGRAM}" "User Commands"',
        ".SH NAME",
        _roff(f"{PROGRAM} - {_decapitalised(whole.description or '')}"),
        ".SH SYNOPSIS",
        f".B {_roff(PROGRAM)}",
        r"[\fIoptions\fR] [\fIcommand\fR [\fIoptions\fR]]",
        ".SH DESCRIPTION",
        _roff(whole.description or ""),
        ".SH OPTIONS",
        *_options(whole),
        ".SH COMMANDS",
        _roff("The options above may stand before and after a command's name."),
    ]
    guides = {option for a in actions(whole) for option in a.option_strings}
    for command in COMMANDS:
        lines += _command(command, of[command.name], guides)
    lines += [
        ".SH EXIT STATUS",
        "status alone exits with the codes of a Nagios plug-in.",
    ]
    for code in Exit:
        lines += [".TP", f".B {int(code)}", _roff(code.meaning)]
    lines += [
        ".SH FILES",
        ".TP",
        rf".I {_roff(str(HOME / FILE_NAME))}",
        "The configuration; another directory by \\fB\\-c\\fR. State lies beside it.",
        ".SH EXAMPLES",
        _roff("A run, as cron makes it:"),
        *_example(EXAMPLE),
        ".SH ENVIRONMENT",
        ".TP",
        ".B NO_COLOR",
        "Not empty: no colours, also at a terminal.",
        ".TP",
        ".B HTTPS_PROXY",
        "The proxy towards ThreatQ, where the file names none.",
    ]
    return "\n".join(lines) + "\n"


def _decapitalised(text: str) -> str:
    """Return the first sentence as the NAME of a man page has it."""
    return text[:1].lower() + text[1:].partition(".")[0]


def _command(
    command: Command, parser: argparse.ArgumentParser, guides: set[str]
) -> Iterator[str]:
    yield f".SS {command.name}"
    yield _roff(f"{command.about[:1].upper()}{command.about[1:]}.")
    yield from _options(parser, guides)
    yield ".PP"
    yield "Example:"
    yield from _example(command.example)


def _example(words: str) -> list[str]:
    return [".PP", ".nf", ".RS", _roff(f"{PROGRAM} {words}"), ".RE", ".fi"]


def _options(
    parser: argparse.ArgumentParser, known: set[str] | None = None
) -> Iterator[str]:
    for action in actions(parser):
        if isinstance(action.choices, Mapping) or set(action.option_strings) & (
            known or set()
        ):
            continue
        yield ".TP"
        yield _names(action)
        yield _roff(about(action))


def _names(action: argparse.Action) -> str:
    value = action.metavar or action.dest
    values = value if isinstance(value, tuple) else (value,)
    shown = " ".join(rf"\fI{_roff(one)}\fR" for one in values)
    if not action.option_strings:
        return shown
    names = ", ".join(rf"\fB{_roff(one)}\fR" for one in action.option_strings)
    return names if action.nargs == 0 else f"{names} {shown}"


def _roff(text: str) -> str:
    """Return a text as it stands in a man page."""
    text = text.replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{text}" if text[:1] in (".", "'") else text


def _shell(name: str) -> Callable[[], str]:
    def made() -> str:
        text = shtab.complete(parsers()[0], name)
        return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"

    return made


MADE: Mapping[str, Callable[[], str]] = {
    f"completions/{PROGRAM}.bash": _shell("bash"),
    f"completions/_{PROGRAM}": _shell("zsh"),
    f"completions/{PROGRAM}.fish": fish,
    f"man/{PROGRAM}.1": man,
}
"""Each file by its place in packaging/."""


def main() -> int:
    """Renew or check the files; 0 if they are up to date now."""
    made = {FOLDER / name: make() for name, make in MADE.items()}
    return settle(made, sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
