"""What a person sets, and what ThreatQ holds: indicators with scores and dates."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from support.outside import COLLECTION, Site
from tq_conn_citrix_waf import config

DAY = timedelta(days=1)


@dataclass
class Dated:
    """A configured site."""

    site: Site

    def key(self, line: str, table: str = "selection") -> None:
        """Write a key into a section, or into the table of a data collection."""
        path = self.site.directory / config.FILE_NAME
        text, head = path.read_text(), f"[{table}]\n"
        if f"\n{head}" not in text:
            text += f"\n{head}"
        path.write_text(text.replace(f"\n{head}", f"\n{head}{line}\n", 1))

    def own(self, line: str, name: str) -> None:
        """Write a key for one data collection alone."""
        self.key(line, f'collection."{name}"')

    def wants(self, rows: dict[str, dict[str, Any]], name: str = COLLECTION) -> None:
        """Make the data collection: address -> what is not as usual."""
        full = [
            {"type": "IP Address", "value": value, "status": "Active"} | other
            for value, other in rows.items()
        ]
        self.site.control("PUT", f"/threatq/collections/{name}", {"indicators": full})

    def ago(self, days: float) -> str:
        """A date as ThreatQ writes it, so many days before the lab's present."""
        then = self.site.lab.clock.now() - days * DAY
        return then.strftime("%Y-%m-%d %H:%M:%S")

    def pass_days(self, days: float) -> None:
        self.site.lab.clock.advance(days * DAY.total_seconds())

    def left_out(self, capfd: Any) -> dict[str, int]:  # noqa: ANN401  # pytest's
        """What the plan says is left out, by the words of the reason."""
        capfd.readouterr()
        self.site.run("plan")
        lines = capfd.readouterr().out.splitlines()
        at = next(n for n, line in enumerate(lines) if "left out" in line)
        told = {}
        for line in lines[at + 1 :]:
            if line.split()[0].isalpha():
                break
            count, _, words = line.strip().partition(" ")
            told[words.strip()] = int(count)
        return told
