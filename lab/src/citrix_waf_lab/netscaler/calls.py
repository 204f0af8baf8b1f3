"""A call of one resource, and what all writing calls have in common."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from citrix_waf_lab.netscaler import access
from citrix_waf_lab.netscaler.configuration import Settings
from citrix_waf_lab.netscaler.query import Query
from citrix_waf_lab.netscaler.rules import Rules
from citrix_waf_lab.netscaler.sessions import Session
from citrix_waf_lab.netscaler.shapes import Reply
from citrix_waf_lab.netscaler.state import Appliance
from citrix_waf_lab.netscaler.vocabulary import TEXTS, Refusal
from citrix_waf_lab.wire import Request


@dataclass(frozen=True, slots=True)
class Call:
    """One request to one resource, by somebody who is known.

    ``name`` is what the path names below the resource, decoded, or None.
    """

    appliance: Appliance
    request: Request
    resource: str
    name: str | None
    query: Query
    session: Session | None = None

    @property
    def running(self) -> Settings:
        """The configuration that calls read and change."""
        return self.appliance.configuration.running

    def rules(self) -> Rules:
        """Read the dialect for this call."""
        return Rules.of(self.appliance.dialect)

    def allow(self, command: str) -> None:
        """Make sure that the caller may run a command; Refusal 2138 or 371."""
        access.allow(self.appliance, command)

    def need_name(self) -> str:
        """Return the name in the path; Refusal 1095 without."""
        if not self.name:
            raise Refusal(1095, "name")
        return self.name

    def warned(self) -> str | None:
        """Judge a write by the appliance's place in its pair.

        Returns:
            The text of a warning that the caller asked for, or None.

        Raises:
            Refusal: 1028, where a secondary refuses writes.
        """
        if not self.appliance.node.secondary:
            return None
        how = self.appliance.dialect["secondary_writes"]
        if how == "refused":
            raise Refusal(1028)
        # The form of the header's value: NREF error handling.
        return (
            f"1028 - {TEXTS[1028]}" if how == "warned" and self.query.warning else None
        )


Handler = Callable[[Call], Reply]
Methods = Mapping[str, Handler]


def written(status: int, warning: str | None) -> Reply:
    """Reply that a write was done; the body is empty (ANS #378)."""
    return Reply(status) if warning is None else Reply(209, warning=warning)
