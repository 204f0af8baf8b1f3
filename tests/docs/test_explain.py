"""docs/explain.md names every key and every kind of cause."""

import re
from pathlib import Path
from typing import Any

from explain.asking import Asking
from explain.conftest import ask
from support.outside import COLLECTION
from tq_conn_citrix_waf.core.causes import Why

__all__ = ["ask"]
TEXT = (Path(__file__).parents[2] / "docs/explain.md").read_text("utf-8")


def keys(found: Any) -> set[str]:  # noqa: ANN401  # any JSON
    """Return every key of a JSON value, however deep."""
    if isinstance(found, list):
        return {key for one in found for key in keys(one)}
    if isinstance(found, dict):
        return found.keys() | keys([*found.values()])
    return set()


def test_every_key_of_the_json_is_documented_and_no_other(ask: Asking) -> None:
    ask.holds("198.51.100.7", name=COLLECTION)
    ask.run()
    table = TEXT.partition("<!-- keys")[2]
    documented = {*re.findall(r"`([a-z_]+)`", table)}
    values = {"yes", "no", "partly", "unknown", "ours", "foreign"}
    assert keys(ask.json("198.51.100.7")) == documented - values


def test_every_kind_of_cause_is_documented_and_no_other() -> None:
    table = re.findall(r"(?m)^\| `([a-z -]+)` \|", TEXT.partition("## Of when")[0])
    assert sorted(table) == sorted(Why)
