"""HTML as a tree of elements: nothing but ``written`` turns it into text.

1. Every text and every attribute's value passes through ``escaped``, so no section can
   forget it: a string is never markup.
2. What would not print is spelled, as on a screen, so the text is UTF-8 whatever it
   was.
3. Names of elements and attributes are the program's own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

from tq_conn_citrix_waf.secrets import one_line

_VOID = frozenset(("meta",))
_RAW = "style"
"""Its content is no text to a parser: entities would stand there as they are."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its name, its attributes and what stands in it."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: "tuple[Element | str, ...]" = ()


Node = Element | str


def h(name: str, /, *children: Node | None, **attributes: str | float) -> Element:
    """Return an element; a child that is None is left out.

    Args:
        name: of the element.
        children: elements and texts.
        attributes: by their names, with ``_`` for ``-``, and one behind a name that is
            Python's own.
    """
    named = {
        key.removesuffix("_").replace("_", "-"): str(value)
        for key, value in attributes.items()
    }
    return Element(name, named, tuple(c for c in children if c is not None))


def escaped(text: str) -> str:
    """Return a text that stands for itself, in an element or in an attribute."""
    return escape(one_line(text), quote=True)


def document(language: str, head: Element, body: Element) -> bytes:
    """Return a whole page."""
    page = h("html", head, body, lang=language)
    return "".join(("<!DOCTYPE html>\n", *written(page), "\n")).encode()


def written(node: Node) -> Iterator[str]:
    """Yield the text of a node, piece by piece.

    Raises:
        ValueError: a style would end before its end.
    """
    if isinstance(node, str):
        yield escaped(node)
        return
    attributes = (f' {key}="{escaped(v)}"' for key, v in node.attributes.items())
    yield f"<{node.name}{''.join(attributes)}>"
    if node.name in _VOID:
        return
    if node.name == _RAW:
        style = "".join(map(str, node.children))
        if "</" in style:
            raise ValueError("a style holds no markup")
        yield style
    else:
        for child in node.children:
            yield from written(child)
    yield f"</{node.name}>"
