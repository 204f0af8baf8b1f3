"""What a lab may hold at its start, by name."""

from citrix_waf_lab.scenarios import edge

SCENARIOS = {"edge": edge.fill}
"""Each fills a lab: at the start, and again after a reset."""
