"""The journal: what counts as an object, and that numbers have no gap."""

import threading

import pytest

from citrix_waf_lab.journal import Journal, items
from citrix_waf_lab.wire import Request


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (b"", 0),
        (b'{"a": {"b": 1}}', 1),
        (b'{"a": [{"b": 1}, {"b": 2}, {"b": 3}]}', 3),
        (b' {"a" : [ ] }', 0),
        (b'[{"a": 1}, {"a": 2}]', 2),
        (b'{"criteria": {}, "fields": ["value", "type"]}', 1),
        (b"grant_type=password&email=a", 1),
        (b'{"a": [1', 1),
        (b"7", 1),
    ],
)
def test_the_objects_of_a_body_are_counted(body: bytes, count: int) -> None:
    assert items(body) == count


def test_numbers_have_no_gap_whoever_writes() -> None:
    journal = Journal()

    def write() -> None:
        for _ in range(200):
            journal.note("threatq", None, Request("GET", "/"), 200)

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    mark, entries = journal.since(0)
    assert [entry.n for entry in entries] == list(range(1, 801))
    assert mark == 800
    assert journal.since(799)[1] == entries[799:]
