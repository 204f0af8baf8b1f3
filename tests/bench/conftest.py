"""A small history made by hand, as a file."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bench.made import BASE, START, STEPS
from history import History


@pytest.fixture
def history(tmp_path: Path) -> History:
    (tmp_path / "small-base.txt").write_text("\n".join(BASE))
    rows = [
        {"at": (START + timedelta(hours=n)).isoformat(), "add": add, "remove": remove}
        for n, (add, remove) in enumerate(STEPS)
    ]
    lines = "\n".join(map(json.dumps, rows))
    (tmp_path / "small-churn.jsonl").write_text(lines + "\n")
    return History(tmp_path / "small")
