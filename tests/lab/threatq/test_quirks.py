"""The table of quirks and the exchanges: complete, and tied to each other."""

import re
from pathlib import Path

import pytest

from citrix_waf_lab.exchanges import Exchange, read
from citrix_waf_lab.threatq.api import ROUTES
from citrix_waf_lab.threatq.quirks import QUIRKS
from citrix_waf_lab.threatq.routing import Route

FILES = Path(__file__).parents[3] / "lab" / "exchanges" / "threatq"
EXCHANGES = [e for f in sorted(FILES.glob("*.jsonl")) for e in read(f).exchanges]
OWN = [e for e in EXCHANGES if e.name not in ("sign-in", "sign-in-later")]
MARKS = {"documented", "recorded", "run", "client code", "inferred"}


def test_each_exchange_says_what_it_shows_and_how_sure_that_is() -> None:
    assert [e.name for e in EXCHANGES if not (e.about and e.source)] == []
    assert {e.mark for e in EXCHANGES} <= MARKS


def test_no_two_exchanges_of_all_files_have_one_name() -> None:
    assert len({e.name for e in OWN}) == len(OWN)


def test_each_quirk_but_for_walks_gone_wrong_is_shown_by_an_exchange() -> None:
    shown = {e.name for e in EXCHANGES}
    assert [q.id for q in QUIRKS if q.exchange not in shown] == ["cursor-faults"]


def test_a_quirk_without_a_source_is_inferred() -> None:
    assert {q.mark for q in QUIRKS if "no source" in q.source} == {"inferred"}


def meets(route: Route, exchange: Exchange) -> bool:
    path = str(exchange.request["target"]).partition("?")[0]
    named = re.sub(r"<<.+?>>", "7", path)
    same = exchange.request["method"] == route.method
    return same and route.pattern.fullmatch(named) is not None


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: f"{r.method} {r.path}")
def test_each_route_is_in_an_exchange(route: Route) -> None:
    assert any(meets(route, e) for e in EXCHANGES)
