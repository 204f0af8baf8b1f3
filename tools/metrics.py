"""Writes the table of docs/metrics.md from the table of metrics; ``--check`` looks."""

import sys
from pathlib import Path

from tq_conn_citrix_waf.run.metrics import METRICS

PAGE = Path(__file__).parents[1] / "docs/metrics.md"
BEGIN = "<!-- from here on generated: python tools/metrics.py -->\n"
END = "<!-- up to here generated -->\n"


def main() -> int:
    """Renew or check the page; 0 if it is up to date now."""
    rows = (
        f"| `tq_waf_{m.name}` | {', '.join(m.labels)} | {m.about} |\n"
        for m in METRICS.values()
    )
    head = "| metric | labels | what it says |\n| --- | --- | --- |\n"
    page = PAGE.read_text("utf-8")
    before, _, rest = page.partition(BEGIN)
    fresh = before + BEGIN + head + "".join(rows) + END + rest.partition(END)[2]
    if "--check" in sys.argv[1:]:
        if fresh != page:
            print(f"{PAGE} is stale; renew it with: make docs", file=sys.stderr)
        return int(fresh != page)
    PAGE.write_text(fresh, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
