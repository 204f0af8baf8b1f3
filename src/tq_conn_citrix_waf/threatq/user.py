"""Who is signed in, as ThreatQ tells.

What the answer holds beyond an id, a name and a source is public nowhere: a role is
read where one stands under its obvious name (a guess), and never required.
"""

from dataclasses import dataclass
from typing import Any

from tq_conn_citrix_waf.errors import SourceFaultError
from tq_conn_citrix_waf.threatq import answers
from tq_conn_citrix_waf.threatq.session import Session

_PATH = "/api/users/current"


@dataclass(frozen=True, slots=True)
class User:
    """A user; each '' where ThreatQ does not tell."""

    name: str
    role: str


def current_user(session: Session) -> User:
    """Return who is signed in.

    Raises:
        SourceError: ThreatQ does not tell.
    """
    found = answers.decoded(session.get(_PATH), dict[str, Any])
    told = found["data"] if found is not None else None
    if not isinstance(told, dict):
        raise SourceFaultError(
            f"GET {_PATH}: ThreatQ names no user", answers.MAINTENANCE
        )
    name = _text(told.get("email")) or _text(told.get("display_name"))
    return User(name, _text(told.get("role")))


def _text(value: Any) -> str:  # noqa: ANN401  # any JSON
    if isinstance(value, dict):
        value = value.get("name")
    return answers.shown(value) if isinstance(value, str) else ""
