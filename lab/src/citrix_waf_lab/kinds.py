"""What a fault is: a name, what it does, its parameters, and where it was seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from citrix_waf_lab import effects

Kind = Literal["integer", "number", "text", "boolean", "list"]

_PYTHON: dict[Kind, tuple[type, ...]] = {
    "integer": (int,),
    "number": (int, float),
    "text": (str,),
    "boolean": (bool,),
    "list": (list,),
}


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter of a fault.

    Attributes:
        name: its key in ``params``.
        kind: the kind of JSON value.
        default: what holds when it is left out; None: see ``about``.
        about: what it decides.
        choices: the values possible; None for all of the kind.
        required: whether it must be given.
    """

    name: str
    kind: Kind
    default: object
    about: str
    choices: tuple[str, ...] | None = None
    required: bool = False

    def accepts(self, value: object) -> bool:
        """Whether a value is possible."""
        if value is None:
            return self.default is None and not self.required
        if isinstance(value, bool) and self.kind != "boolean":
            return False
        return isinstance(value, _PYTHON[self.kind]) and (
            self.choices is None or value in self.choices
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to misbehave.

    Attributes:
        name: its name on the control interface.
        effect: what it does to a request and its answer.
        about: the same in words.
        source: where it was seen.
        params: what can be set.
        services: the emulators it exists for.
    """

    name: str
    effect: effects.Effect
    about: str
    source: str
    params: tuple[Param, ...] = ()
    services: tuple[str, ...] = ("netscaler", "threatq")

    def complete(self, given: Mapping[str, object]) -> dict[str, object]:
        """Return all parameters, the given ones over the defaults.

        Raises:
            ValueError: a parameter does not exist, is missing or has a wrong value.
        """
        known = {p.name: p for p in self.params}
        for name, value in given.items():
            if name not in known:
                there = ", ".join(known) or "none"
                raise ValueError(
                    f"{self.name} has no parameter {name!r}; there are: {there}"
                )
            param = known[name]
            if not param.accepts(value):
                right = " | ".join(param.choices or ()) or param.kind
                raise ValueError(
                    f"{name} of {self.name} cannot be {value!r}, but: {right}"
                )
        for param in self.params:
            if param.required and param.name not in given:
                raise ValueError(f"{self.name} needs {param.name}: {param.about}")
        return {p.name: given.get(p.name, p.default) for p in self.params}
