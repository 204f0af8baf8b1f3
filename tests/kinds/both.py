"""What a person does to a site with two data sets, and what stands there."""

from dataclasses import dataclass

from support.outside import BLOCK_LIST, COLLECTION, Site
from tq_conn_citrix_waf import config

IPV6_LIST = "tq_block_list6"
BY_HAND6 = {"value": "2001:db8:ffff::1", "comment": "by hand"}


@dataclass
class Both:
    """A configured site, and the connector's file naming an IPv6 set."""

    site: Site

    @classmethod
    def of(cls, site: Site) -> "Both":
        made = cls(site)
        made.dataset("ipv6")
        made.key("netscaler", f'ipv6_block_list = "{IPV6_LIST}"')
        return made

    def dataset(self, kind: str) -> None:
        path = f"/appliances/adc1/datasets/{IPV6_LIST}"
        rows = [BY_HAND6] if kind == "ipv6" else []
        self.site.control("PUT", path, {"type": kind, "bindings": rows})

    def key(self, section: str, line: str) -> None:
        path = self.site.directory / config.FILE_NAME
        text = path.read_text()
        head = f"[{section}]\n"
        if head not in text:
            text += f"\n{head}"
        path.write_text(text.replace(head, f"{head}{line}\n", 1))

    def wants(self, *values: str, name: str = COLLECTION) -> None:
        """Make the data collection, each value with its type in ThreatQ."""
        rows = [{"type": kind(v), "value": v, "status": "Active"} for v in values]
        path = f"/threatq/collections/{name}"
        self.site.control("PUT", path, {"indicators": rows})

    def rows(self, name: str, *, saved: bool = False) -> list[dict[str, str]]:
        view = self.site.view()["saved" if saved else "datasets"]
        found: list[dict[str, str]] = view[name]["bindings"]
        return found

    def ours(self, name: str, *, saved: bool = False) -> set[str]:
        """The entries that carry a mark, a range as ``first-last``."""
        return {
            "-".join(filter(None, (row["value"], row.get("endrange", ""))))
            for row in self.rows(name, saved=saved)
            if row.get("comment", "").startswith("tq-waf:")
        }

    @property
    def v4(self) -> set[str]:
        return self.ours(BLOCK_LIST)

    @property
    def v6(self) -> set[str]:
        return self.ours(IPV6_LIST)


def kind(value: str) -> str:
    if "/" in value:
        return "CIDR Block"
    return "IPv6 Address" if ":" in value else "IP Address"
