"""How a run gets into the ledger, however it ends: also by a fault of this program.

1. A fault is recorded and told like any other failure, in its words; its traceback is
   for the log and the screen alone.
2. Whatever fails while a fault is recorded, the fault itself is what is told.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from traceback import format_exc

from tq_conn_citrix_waf.config import File
from tq_conn_citrix_waf.core.ports import Clock
from tq_conn_citrix_waf.errors import ConnectorError, FaultError
from tq_conn_citrix_waf.log import log
from tq_conn_citrix_waf.run.job import Job
from tq_conn_citrix_waf.run.metrics import publish
from tq_conn_citrix_waf.run.record import record
from tq_conn_citrix_waf.run.report import Report
from tq_conn_citrix_waf.secrets import one_line
from tq_conn_citrix_waf.store.known import recall
from tq_conn_citrix_waf.store.ledger import Ledger
from tq_conn_citrix_waf.store.records import RunRecord

_MOST = 200
"""Characters of an exception's words; some quote all that they choked on."""


def fault(error: Exception) -> FaultError:
    """Return the error that an exception of this program is recorded as."""
    words = ": ".join(filter(None, (type(error).__name__, one_line(str(error), _MOST))))
    return FaultError(
        f"a fault of the connector: {words}",
        "send the report that it printed, or logged, to whoever maintains it",
    )


@contextmanager
def quietly() -> Iterator[None]:
    """Do what a fault asks for; a second fault is logged and forgotten."""
    try:
        yield
    except Exception:  # noqa: BLE001  # the first fault must not be hidden by it
        log.debug("the fault is not recorded: %s", format_exc())


@dataclass(slots=True)
class Recording:
    """One run on its way into the ledger, once.

    Attributes:
        file: the configuration file.
        clock: for the time of day.
        work: job and report; None until the settings are known.
    """

    file: File
    clock: Clock
    work: tuple[Job, Report] | None = None
    _started: datetime = field(init=False)
    _kept: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._started = self.clock.now()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Record what ends the run inside, if anything does."""
        try:
            try:
                yield
            except ConnectorError as error:
                self.keep(error)
                raise
        except ConnectorError:
            raise
        except Exception as error:
            with quietly():
                self.keep(fault(error))
            self.work = None  # where the report itself is at fault, without it
            with quietly():
                self.keep(fault(error))
            raise

    def keep(self, failure: ConnectorError | None) -> None:
        """Record the run, unless it is; ``failure`` ended it before its end."""
        if self._kept:
            return
        ended = self.clock.now()
        if self.work is None:
            self._without_settings(ended, failure)
        else:
            job, report = self.work
            written(job, report, ended, record(report, self._started, ended, failure))
        self._kept = True
        publish(self.file, ended)

    def _without_settings(
        self, ended: datetime, failure: ConnectorError | None
    ) -> None:
        """Record it where an earlier run tells whose it was."""
        last = recall(self.file.path.parent)
        if last is not None:
            ledger = Ledger(self.file.path.parent, last.url, last.block_list)
            report = Report(last.collections, last.url, "")
            ledger.record(record(report, self._started, ended, failure))


def written(job: Job, report: Report, ended: datetime, run: RunRecord) -> None:
    """Write a run, and the data sets as it left them, to the ledger."""
    for dataset in (change.standing for change in report.changes):
        if dataset is not None:
            job.ledger.see(dataset, ended)
    job.ledger.record(run)
