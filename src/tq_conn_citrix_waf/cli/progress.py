"""Progress of long work, on a terminal alone, on standard error."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tq_conn_citrix_waf.run.apply import Tell


@contextmanager
def progress() -> Iterator[Tell]:
    """Give what a run tells its progress to; silent where nobody looks."""
    if not sys.stderr.isatty():
        yield _silent
        return
    # Imported here alone: it costs a tenth of a second that cron need not pay.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress, TaskID  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(verb: str, done: int, of: int) -> None:
            if verb not in tasks:
                tasks[verb] = bars.add_task(verb, total=of)
            bars.update(tasks[verb], completed=done)

        yield tell


def _silent(_verb: str, _done: int, _of: int) -> None:
    """Tell nobody."""
