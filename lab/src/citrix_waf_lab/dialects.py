"""Switches: one for each thing that the facts leave open or only infer.

A switch is declared beside the emulator code that obeys it; the lab puts all of them
into one ``Dialect``, which every emulator reads at each request. Names of switches are
part of the interface: once released, kept.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Value = str | int | float | bool
Mark = Literal["documented", "recorded", "run", "client code", "inferred"]


@dataclass(frozen=True, slots=True)
class Switch:
    """One open question.

    Attributes:
        name: its name on the control interface, in snake_case.
        default: the answer that holds unless told otherwise.
        choices: the possible answers; None where any number of the default's kind
            from 0 on is possible.
        mark: how sure the facts are of the default.
        source: where the question and its answers come from.
        about: what it decides, in one sentence.
        most: the largest number possible; None for no bound.
    """

    name: str
    default: Value
    choices: tuple[Value, ...] | None
    mark: Mark
    source: str
    about: str
    most: float | None = None

    def accepts(self, value: object) -> bool:
        """Whether a value is one of the answers, of the right type."""
        if self.choices is not None:
            return any(type(c) is type(value) and c == value for c in self.choices)
        return (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and (isinstance(self.default, float) or isinstance(value, int))
            and 0 <= value <= (math.inf if self.most is None else self.most)
        )


class UnknownAnswerError(ValueError):
    """A switch or one of its answers does not exist; the text says what would."""


def _right(switch: Switch) -> str:
    """What a switch accepts, in words."""
    if switch.choices is not None:
        return " | ".join(repr(choice) for choice in switch.choices)
    top = "" if switch.most is None else f" to {switch.most:g}"
    return f"a number like {switch.default!r}, from 0{top}"


class Dialect:
    """The answers in force, by the name of the switch."""

    def __init__(self, switches: Iterable[Switch]) -> None:
        self.switches: dict[str, Switch] = {s.name: s for s in switches}
        self._values: dict[str, Value] = {}

    def __getitem__(self, name: str) -> Value:
        switch = self.switches[name]
        return self._values.get(name, switch.default)

    def number(self, name: str) -> float:
        """Return the answer of a numeric switch."""
        value = self[name]
        if isinstance(value, str):
            raise TypeError(f"{name} is not a number")
        return float(value)

    def set(self, answers: Mapping[str, object]) -> None:
        """Set some answers, all or none.

        Raises:
            UnknownAnswerError: a name or a value is not one that exists.
        """
        accepted: dict[str, Value] = {}
        for name, value in answers.items():
            switch = self.switches.get(name)
            if switch is None:
                known = ", ".join(sorted(self.switches))
                raise UnknownAnswerError(f"no switch {name!r}; there are: {known}")
            if not switch.accepts(value) or not isinstance(value, Value):
                raise UnknownAnswerError(
                    f"{name} cannot be {value!r}, but: {_right(switch)}"
                )
            accepted[name] = value
        self._values.update(accepted)

    def reset(self) -> None:
        """Go back to the defaults."""
        self._values.clear()
