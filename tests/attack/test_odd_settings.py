"""Whatever stands in a field of the form: an error of two lines, or a run; no fault."""

from pathlib import Path

import pytest

from support.scenarios import Stage
from support.scenarios.stage import FIRST, THEN

FIELDS = ("API IP/Hostname", "Username", "Password", "Data Collection", "IP Block List")
ODD = {
    "a colour": "\x1b[31mred",
    "a NUL": "a\x00b",
    "a bell": "\x07",
    "line ends": "one\ntwo\r\nthree",
    "a fake line": "x\n2026-01-01 00:00:00Z INFO    in step",
    "right to left": "\u202egnp.exe",
    "no width": "\u200b",
    "blanks": "   ",
    "a path": "../../login",
    "a query": "?args=x&action=unbind",
    "a percent": "%00%2e%2e%2f",
    "quotes": "\"'`$(true)",
    "another script": "\u9ed2\u540d\u55ae",
    "very long": "x" * 100_000,
    "commas": ",,,",
}


@pytest.mark.parametrize("kind", ODD)
def test_it_is_an_error_of_two_lines_or_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    stage = Stage.loaded(tmp_path / "etc", monkeypatch)
    foreign = stage.foreign()
    for field in FIELDS:
        stage.form(**{field: ODD[kind]})
        for words in ((), ("plan",), ("check",)):
            told = stage.tell(*words)
            where = (field, words, told.code, told.err[:500])
            assert told.code in (2, 3, 4), where
            assert words or told.err.count("\n") == 2, where
            shown = told.out + told.err + told.log
            assert not {*"\x1b\x07\x00\r\u202e\u200b"} & {*shown}, where
            assert not [x for x in shown.splitlines() if x.startswith("2026-01-01")]
            assert len(told.err) < 10_000, where
    assert stage.foreign() == foreign
    assert stage.ours() == {*FIRST}
    stage.form()
    assert stage.tell().code == 0
    assert stage.ours() == {*THEN}
