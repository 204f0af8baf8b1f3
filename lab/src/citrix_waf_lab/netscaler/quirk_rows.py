"""How the tables of behaviours are written down."""

from citrix_waf_lab.dialects import Mark
from citrix_waf_lab.quirks import Quirk


def shown(*rows: tuple[str, Mark, str, str]) -> tuple[Quirk, ...]:
    """Return quirks that an exchange of the same name shows.

    Args:
        rows: name, mark, source and the behaviour in a sentence.
    """
    return tuple(
        Quirk(name, says, mark, source, name) for name, mark, source, says in rows
    )
