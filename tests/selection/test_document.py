"""docs/selection.md names what there is, and its example is a good configuration."""

import re
from pathlib import Path

import pytest

from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.core.model import Reason
from tq_conn_citrix_waf.core.selection import DATES
from tq_conn_citrix_waf.keys import SELECTION
from tq_conn_citrix_waf.settings import selections

TEXT = (Path(__file__).parents[2] / "docs/selection.md").read_text("utf-8")


@pytest.mark.parametrize(
    "word", [*(key.name for key in SELECTION), *DATES, *(str(r) for r in Reason)]
)
def test_every_key_date_and_reason_is_explained(word: str) -> None:
    assert f"`{word}`" in TEXT


def test_the_example_is_taken_as_the_text_says(tmp_path: Path) -> None:
    example = re.search(r"(?s)<!-- example -->\n```toml\n(.*?)```", TEXT)
    assert example is not None
    head = {
        "": {"instance": "0a1b2c3d"},
        "threatq": {
            "host": "h",
            "client_id": "c",
            "username": "u",
            "password": "p",
        },
    }
    whole = config.render(head).replace("[selection]\n", example[1], 1)
    (tmp_path / config.FILE_NAME).write_text(whole)
    chosen = selections(config.load(tmp_path))
    assert str(chosen.of("Other")) == (
        "status Active or Send to NetScaler, score 4 and higher, updated_at within 90"
        " days"
    )
    assert str(chosen.of("Block at edge")) == (
        "status Active or Send to NetScaler, score 8 and higher, last_detected_at"
        " within 90 days"
    )
