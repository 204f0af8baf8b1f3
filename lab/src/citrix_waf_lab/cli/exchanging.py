"""``replay`` and ``record``: exchange files against a lab, and from anywhere."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from citrix_waf_lab.cli.up import Commands


def offer(_commands: "Commands") -> None:
    """Add these commands to the parser."""
