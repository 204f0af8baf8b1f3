"""At 100,000 entries an answer takes a second, the emulators' part included."""

import random
import time
from array import array

from explain.asking import Asking
from support.outside import BLOCK_LIST, COLLECTION
from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.core.ranges import Family, Ranges, spell
from tq_conn_citrix_waf.store.ledger import Ledger, RunRecord

MANY = 100_000
SECONDS = 8.0
"""A generous bound: it takes 0.7 s of a processor that does nothing else, and was seen
to take 2.6 s with the coverage of each line counted and a busy neighbour."""


def remembered(ask: Asking, wanted: Ranges) -> None:
    """Leave in the ledger what a run would."""
    now = ask.site.lab.clock.now()
    ledger = Ledger(ask.site.directory, "http://adc1.lab", BLOCK_LIST)
    ledger.keep(COLLECTION, wanted, array("q", range(len(wanted))), now)
    ledger.record(RunRecord(now, now, 0))


def test_at_a_hundred_thousand_entries_it_answers_in_a_second(ask: Asking) -> None:
    rng = random.Random(1)  # noqa: S311  # the same list each time
    numbers = rng.sample(range(0x0B000000, 0x64000000), MANY)
    values = [spell(Family.V4, number) for number in numbers]
    mark = f"tq-waf:{config.load(ask.site.directory).instance}:2026-01-02"
    rows = [{"value": value, "comment": mark} for value in values]
    path = f"/appliances/adc1/datasets/{BLOCK_LIST}"
    ask.site.control("PUT", "/dialect", {"dataset_limit": 2 * MANY})
    ask.site.control("PUT", path, {"type": "ipv4", "bindings": rows})
    ask.site.collection(values)
    remembered(ask, Ranges.of(Family.V4, ((n, n) for n in numbers)))
    for asked, blocked in (
        (values[7], "yes"),
        ("1.2.3.4", "no"),
        ("16.0.0.0/8", "partly"),
    ):
        started = time.process_time()
        assert ask.json(asked)["blocked"] == blocked
        assert time.process_time() - started < SECONDS
