"""A real appliance as a box of the target contract: a scratch set, made anew each time.

What a test asks for and nobody can bring about from outside is skipped, and says why.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from contract.ask import Client
from contract.box import Box
from tq_conn_citrix_waf.clock import SystemClock
from tq_conn_citrix_waf.core.ports import Target
from tq_conn_citrix_waf.http import Patience
from tq_conn_citrix_waf.netscaler.dataset import BlockList
from tq_conn_citrix_waf.netscaler.nitro import Nitro
from tq_conn_citrix_waf.trust import Trust
from tq_conn_citrix_waf.wire import Wire

Entry = tuple[str, str, str]

URL, USERNAME = "CONTRACT_URL", "CONTRACT_USERNAME"
PASSWORD, CA_FILE = "CONTRACT_PASSWORD", "CONTRACT_CA_FILE"
"""Environment variables by which ``contract.run`` tells the tests where to go."""


@dataclass(slots=True)
class RealBox:
    """Fulfils ``netscaler.boxes.Box``: an appliance with one empty data set."""

    box: Box
    target: Target

    def put(self, *entries: Entry) -> None:
        """Bind as an administrator."""
        for value, end, comment in entries:
            more = {"endrange": end, "comment": comment}
            self.box.bound(value, **{k: v for k, v in more.items() if v})

    def entries(self, *, saved: bool = False) -> set[Entry]:
        """Return what is bound."""
        if saved:
            pytest.skip("what is saved cannot be read by NITRO")
        return {
            (row["value"], row.get("endrange", ""), row.get("comment", ""))
            for row in self.box.rows()
        }

    def limit(self, capacity: int) -> None:
        """Skip the test: see ``netscaler.boxes.Box``."""
        pytest.skip(f"no appliance can be told to hold {capacity} values")

    def secondary(self) -> None:
        """Skip the test, likewise."""
        pytest.skip("no appliance is made a secondary for this")


@contextmanager
def real() -> Iterator[RealBox]:
    """Sign in twice, beside the connector and as it; leave nothing behind."""
    told = os.environ
    trust = Trust(told.get(CA_FILE, ""))
    client = Client(told[URL], trust.context())
    box = Box(client, told[USERNAME], told[PASSWORD])
    wire = Wire(trust)
    clock = SystemClock()
    patience = Patience(clock, lambda: 0.5)
    with box.signed_in():
        box.fresh()
        try:
            with Nitro(
                wire, told[URL], box.username, box.password, patience=patience
            ) as nitro:
                yield RealBox(box, BlockList(nitro, box.name, clock))
        finally:
            box.drop()
            wire.close()
