"""The table of docs/metrics.md, from the metrics themselves."""

import sys
from collections.abc import Iterator

from tools.pages import Page
from tq_conn_citrix_waf.run.metrics import METRICS

PAGE = Page("metrics.md", "tools.metrics")


def generated() -> Iterator[str]:
    """Yield the lines of the table."""
    yield "| metric | labels | what it says |\n"
    yield "| --- | --- | --- |\n"
    for m in METRICS.values():
        yield f"| `tq_waf_{m.name}` | {', '.join(m.labels)} | {m.about} |\n"


if __name__ == "__main__":
    sys.exit(PAGE.main(generated(), sys.argv[1:]))
