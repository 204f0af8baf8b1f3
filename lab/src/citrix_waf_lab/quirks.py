"""Quirks: one row for each behaviour of an emulator that a client can see.

No behaviour without a source or the word "inferred"; docs/lab.md prints the rows.
"""

from dataclasses import dataclass

from citrix_waf_lab.dialects import Mark


@dataclass(frozen=True, slots=True)
class Quirk:
    """One behaviour, how sure it is, and where it can be seen.

    Attributes:
        id: short name in kebab-case, unique within its emulator.
        says: the behaviour, in one sentence.
        mark: how sure the source is.
        source: key of the source, e.g. ``telegraf#11478``.
        exchange: name of the exchange that shows it; None if none can (a time-out,
            a delivery).
    """

    id: str
    says: str
    mark: Mark
    source: str
    exchange: str | None = None
