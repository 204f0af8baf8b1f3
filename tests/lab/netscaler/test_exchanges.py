"""What the sources quote is what the emulator says, on every way to it.

The exchange files are the tests; here they are run, and each switch is seen to act:
where an exchange sets an answer, leaving that out must change what is heard.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from citrix_waf_lab.exchanges import Book, Exchange, read
from citrix_waf_lab.netscaler.quirks import NOT_EMULATED, QUIRKS
from citrix_waf_lab.netscaler.switches import SWITCHES
from citrix_waf_lab.replay import Wire, replay

FOLDER = Path(__file__).parents[3] / "lab" / "exchanges" / "netscaler"
BOOKS = {file.stem: read(file) for file in sorted(FOLDER.glob("*.jsonl"))}
EXCHANGES = {e.name: e for book in BOOKS.values() for e in book.exchanges}


def _settings(exchange: Exchange) -> dict[str, object]:
    found: dict[str, object] = {}
    for method, path, *body in exchange.control:
        if (method, path) == ("PUT", "/dialect"):
            found |= body[0]
    return found


ANSWERS = {
    (switch, value)
    for exchange in EXCHANGES.values()
    for switch, value in _settings(exchange).items()
}


@pytest.mark.parametrize("wire", ["process", "socket", "tls"])
@pytest.mark.parametrize("name", BOOKS)
def test_each_exchange_is_answered_as_its_source_says(name: str, wire: Wire) -> None:
    assert [str(difference) for difference in replay(BOOKS[name], wire=wire)] == []


def _without(book: Book, switch: str, value: object) -> Book:
    def trimmed(call: tuple[Any, ...]) -> tuple[Any, ...]:
        if call[:2] != ("PUT", "/dialect") or call[2].get(switch) != value:
            return call
        rest = {k: v for k, v in call[2].items() if k != switch}
        return ("PUT", "/dialect", rest)

    exchanges = tuple(
        replace(exchange, control=tuple(trimmed(call) for call in exchange.control))
        for exchange in book.exchanges
    )
    return replace(book, exchanges=exchanges)


@pytest.mark.parametrize(("switch", "value"), sorted(ANSWERS, key=str))
def test_each_answer_of_a_switch_changes_what_is_heard(
    switch: str, value: object
) -> None:
    trimmed = [
        (book, _without(book, switch, value))
        for book in BOOKS.values()
        if any(_settings(e).get(switch) == value for e in book.exchanges)
    ]
    assert any(replay(without) for _, without in trimmed)


def test_every_answer_of_every_switch_is_set_in_an_exchange() -> None:
    # A default needs no setting, and of a number any other one will do.
    missing = [
        (switch.name, value)
        for switch in SWITCHES
        for value in (switch.choices or ("another number",))
        if value != switch.default
        and (switch.name, value) not in ANSWERS
        and not (switch.choices is None and switch.name in {a for a, _ in ANSWERS})
    ]
    assert missing == []


def test_each_quirk_that_can_be_shown_is_shown_by_an_exchange() -> None:
    shown = [quirk.exchange for quirk in QUIRKS if quirk.exchange is not None]
    assert [name for name in shown if name not in EXCHANGES] == []


def test_a_quirk_is_as_sure_as_the_exchange_that_shows_it() -> None:
    different = [
        (quirk.id, quirk.mark, EXCHANGES[quirk.exchange].mark)
        for quirk in QUIRKS
        if quirk.exchange is not None and EXCHANGES[quirk.exchange].mark != quirk.mark
    ]
    assert different == []


def test_each_quirk_has_a_name_of_its_own() -> None:
    names = [quirk.id for quirk in QUIRKS]
    assert len(names) == len(set(names))


def test_each_exchange_has_a_name_of_its_own_over_all_files() -> None:
    names = [e.name for book in BOOKS.values() for e in book.exchanges]
    assert len(names) == len(set(names))


def test_no_source_is_left_empty() -> None:
    assert all(exchange.mark and exchange.source for exchange in EXCHANGES.values())
    assert all(quirk.source for quirk in QUIRKS)
    assert all(source for _, source in NOT_EMULATED)
