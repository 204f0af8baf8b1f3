"""The alert rules, seen firing by ``promtool`` on the metrics of rehearsed runs."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families as parsed

from support.outside import COLLECTION, Site
from tq_conn_citrix_waf import config

RULES = Path(__file__).parents[1] / "packaging/prometheus/tq-conn-citrix-waf.rules.yml"
ADDRESSES = [f"198.18.{n // 250}.{n % 250}" for n in range(100)]
HOUR = 3600


def key(site: Site, line: str) -> None:
    path = site.directory / config.FILE_NAME
    path.write_text(path.read_text().replace("[netscaler]\n", f"[netscaler]\n{line}\n"))


def dialect(site: Site, **switches: object) -> None:
    site.control("PUT", "/dialect", switches)


def nothing(_site: Site) -> None:
    """All is well."""


def stale(site: Site) -> None:
    site.lab.clock.advance(4 * HOUR)


def source_away(site: Site) -> None:
    site.collection([])
    assert site.run() == 3


def half_the_list(site: Site) -> None:
    site.collection(ADDRESSES[:50])
    assert site.run() == 5


def private_addresses(site: Site) -> None:
    site.collection([*ADDRESSES, *(f"10.0.0.{n}" for n in range(30))])
    assert site.run() == 5


def nearly_full(site: Site) -> None:
    key(site, "set_limit = 120")
    assert site.run() == 0


def full(site: Site) -> None:
    dialect(site, dataset_limit=110)
    site.collection([*ADDRESSES, *(f"198.19.0.{n}" for n in range(30))])
    assert site.run() == 4


def three_failures(site: Site) -> None:
    site.control("POST", "/faults", {"name": "refuse", "service": "netscaler"})
    assert [site.run() for _ in range(3)] == [4, 4, 4]


def not_enforced(site: Site) -> None:
    key(site, "report_only = true")
    site.control(
        "PUT",
        "/appliances/adc1/datasets/tq_block_list",
        {"type": "ipv4", "bindings": []},
    )
    site.run()


def secondary(site: Site) -> None:
    dialect(site, ha_role="secondary")
    assert site.run() == 4


def no_session(site: Site) -> None:
    dialect(site, session_limit=0)
    assert site.run() == 4


ACCIDENTS: dict[str, tuple[Callable[[Site], None], set[str]]] = {
    "all is well": (nothing, set()),
    "no run for hours": (stale, {"TqWafStale"}),
    "row 1, the source is away": (source_away, {"TqWafSourceAway"}),
    "row 2, half of the source is lost": (half_the_list, {"TqWafRemovalsHeld"}),
    "row 12, private addresses": (private_addresses, {"TqWafNeverBlockHits"}),
    "row 14, the set fills up": (nearly_full, {"TqWafSetNearlyFull"}),
    "row 16, what is new finds no room": (
        full,
        {"TqWafLeftOut", "TqWafSetNearlyFull", "TqWafNotEnforced"},
    ),
    "row 24, the appliance is away": (three_failures, {"TqWafFailing"}),
    "row 25, nothing is enforced": (not_enforced, {"TqWafNotEnforced"}),
    "row 28, the secondary": (secondary, {"TqWafSecondary"}),
    "row 30, sessions are used up": (no_session, {"TqWafSessions"}),
}
"""By the rows of the neighbours' accidents; what fires beside it is part of it."""


def series(site: Site) -> list[dict[str, str]]:
    """The metrics of the last run as promtool takes series: one that stays as it is."""
    text = (site.directory / "waf.prom").read_text()
    found = []
    for sample in (s for family in parsed(text) for s in family.samples):
        labels = ",".join(f"{k}={json.dumps(v)}" for k, v in sample.labels.items())
        name = f"{sample.name}{{{labels}}}"
        found.append({"series": name, "values": f"{sample.value!r}x10"})
    return found


def fired(alert: str, found: list[dict[str, str]], at: float, where: Path) -> bool:
    """Whether promtool sees an alert fire, whatever its labels are."""
    # promtool starts its clock at 0 (documented): times are told from there.
    query = f'count(ALERTS{{alertname="{alert}"}}) or vector(0)'
    test = {
        "rule_files": [str(RULES)],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": shifted(found, at),
                "promql_expr_test": [
                    {
                        "expr": f"({query}) > bool 0",
                        "eval_time": "5m",
                        "exp_samples": [{"labels": "{}", "value": 1}],
                    }
                ],
            }
        ],
    }
    path = where / f"{alert}.json"  # JSON is YAML, too
    path.write_text(json.dumps(test))
    done = subprocess.run(  # noqa: S603  # Debian's promtool on our own file
        ["promtool", "test", "rules", str(path)],  # noqa: S607  # from PATH
        capture_output=True,
        text=True,
        check=False,
    )
    assert "error" not in done.stderr.lower(), done.stderr
    return done.returncode == 0


def shifted(found: list[dict[str, str]], at: float) -> list[dict[str, str]]:
    """Tell every instant as seconds from now, and let promtool's clock be now."""
    moved = []
    for one in found:
        value = float(one["values"].removesuffix("x10"))
        if "_timestamp_seconds" in one["series"]:
            value -= at
        moved.append(one | {"values": f"{value!r}x10"})
    return moved


def alerts() -> list[str]:
    names = [
        line.split(": ", 1)[1]
        for line in RULES.read_text("utf-8").splitlines()
        if "- alert:" in line
    ]
    assert len(names) >= 10
    return names


@pytest.mark.parametrize(("happens", "due"), ACCIDENTS.values(), ids=ACCIDENTS.keys())
def test_each_accident_fires_its_alert_and_no_other(
    happens: Callable[[Site], None],
    due: set[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site = Site(tmp_path)
    site.configure(monkeypatch)
    path = tmp_path / config.FILE_NAME
    path.write_text(f'metrics = "{tmp_path / "waf.prom"}"\n{path.read_text()}')
    site.collection(ADDRESSES, COLLECTION)
    assert site.run() == 0
    happens(site)
    now = site.lab.clock.now().timestamp()
    found = series(site)
    assert {name for name in alerts() if fired(name, found, now, tmp_path)} == due


def test_every_alert_has_an_accident() -> None:
    assert {*alerts()} == set().union(*(due for _, due in ACCIDENTS.values()))
