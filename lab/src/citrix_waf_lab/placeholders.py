"""Placeholders of exchange files: texts that are bound by earlier answers.

``<<name>>`` stands for what is bound, ``<<name|quote>>`` for its percent-encoding,
``<<name:regex>>`` binds. Matching tells where a text stops agreeing.
"""

import json
import re
from collections.abc import Iterable
from urllib.parse import quote

_HOLE = re.compile(r"<<([A-Za-z_][\w.\-]*)(?:\|(quote|json))?(?::(.*?))?>>", re.DOTALL)


class UnboundError(ValueError):
    """A placeholder is used before an answer has bound it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"<<{name}>> is not bound")


class Bindings(dict[str, str]):
    """What is bound, by name."""

    def text(self, name: str, how: str | None) -> str:
        """Return a bound text, encoded as asked for."""
        if name not in self:
            raise UnboundError(name)
        return quote(self[name], safe="") if how == "quote" else self[name]

    def fill(self, text: str) -> str:
        """Replace all placeholders.

        Raises:
            UnboundError: one of them is not bound.
        """
        return _HOLE.sub(lambda hole: self.text(hole[1], hole[2]), text)

    def fill_json(self, value: object) -> object:
        """Replace all placeholders within a JSON value."""
        if isinstance(value, str):
            whole = _HOLE.fullmatch(value)
            if whole is not None and whole[2] == "json":
                return json.loads(self.text(whole[1], None))
            return self.fill(value)
        if isinstance(value, list):
            return [self.fill_json(item) for item in value]
        if isinstance(value, dict):
            return {self.fill(k): self.fill_json(v) for k, v in value.items()}
        return value

    def match(self, expected: str, actual: str) -> int | None:
        """Compare a text, and bind what it binds.

        Returns:
            None if it agrees, else the offset from which it does not.

        Raises:
            UnboundError: a placeholder without a regex is not bound.
        """
        if expected == actual:
            return None
        pattern = _Pattern(self, expected)
        whole = re.compile("".join(pattern.parts), re.DOTALL).fullmatch(actual)
        if whole is None:
            return pattern.agrees_until(actual)
        for group, name in pattern.groups.items():
            self[name] = whole[group]
        return None


class _Pattern:
    """A text with placeholders as a regular expression, part by part."""

    def __init__(self, bound: Bindings, text: str) -> None:
        self.parts: list[str] = []
        self.groups: dict[str, str] = {}
        end = 0
        for hole in _HOLE.finditer(text):
            self.parts += map(re.escape, text[end : hole.start()])
            self.parts += self._hole(bound, *hole.groups())
            end = hole.end()
        self.parts += map(re.escape, text[end:])

    def _hole(
        self, bound: Bindings, name: str, how: str | None, shape: str | None
    ) -> Iterable[str]:
        if name == "_" and shape is not None:
            return [f"(?:{shape})"]
        if name in bound:
            return map(re.escape, bound.text(name, how))
        earlier = next((g for g, n in self.groups.items() if n == name), None)
        if earlier is not None:
            return [f"(?P={earlier})"]
        if shape is None:
            raise UnboundError(name)
        group = f"bound_{len(self.groups)}"
        self.groups[group] = name
        return [f"(?P<{group}>{shape})"]

    def agrees_until(self, actual: str) -> int:
        """Return the offset up to which a text agrees, by halving the parts."""
        low, high = 0, len(self.parts)
        while low < high:
            middle = (low + high + 1) // 2
            if self._begins(middle, actual) is None:
                high = middle - 1
            else:
                low = middle
        return self._begins(low, actual) or 0

    def _begins(self, parts: int, actual: str) -> int | None:
        found = re.compile("".join(self.parts[:parts]), re.DOTALL).match(actual)
        return None if found is None else found.end()
