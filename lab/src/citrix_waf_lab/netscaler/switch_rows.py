"""How the tables of switches are written down."""

from citrix_waf_lab.dialects import Mark, Switch, Value


def one_of(
    name: str,
    choices: tuple[Value, ...],
    mark: Mark,
    source: str,
    about: str,
    default: Value | None = None,
) -> Switch:
    """Return a switch with some answers; the first is the default unless one is named.

    Args:
        name: of the switch.
        choices: its answers.
        mark: how sure the default is.
        source: where question and answers come from.
        about: what it decides.
        default: the default, where it is not the first choice.
    """
    first = choices[0] if default is None else default
    return Switch(name, first, choices, mark, source, about)


def number(name: str, default: Value, mark: Mark, source: str, about: str) -> Switch:
    """Return a switch whose answer is any number from 0 on."""
    return Switch(name, default, None, mark, source, about)
