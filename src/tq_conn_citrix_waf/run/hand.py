"""What people do beside the runs, in the ledger: who, what and why.

1. It is a run of its own there, and none for the question how the site stands.
2. Where no run is known yet there is no ledger to write to: then the log alone says it.
"""

from dataclasses import replace
from datetime import datetime

from tq_conn_citrix_waf.config import File
from tq_conn_citrix_waf.log import log
from tq_conn_citrix_waf.run.metrics import publish
from tq_conn_citrix_waf.store.known import recall
from tq_conn_citrix_waf.store.ledger import Ledger
from tq_conn_citrix_waf.store.records import Act, RunRecord


def note(file: File, act: Act, now: datetime) -> None:
    """Record what somebody did that needed no appliance.

    Args:
        file: the configuration file.
        act: what was done.
        now: UTC.
    """
    last = recall(file.path.parent)
    if last is not None:
        keep(Ledger(file.path.parent, last.url, last.block_list), act, now)
    publish(file, now)
    log.warning("%s", act.words)


def keep(
    ledger: Ledger, act: Act, now: datetime, record: RunRecord | None = None
) -> None:
    """Record what somebody did; ``record`` is what came of it on the appliance."""
    ledger.record(replace(record or RunRecord(now, now, 0), act=act))
