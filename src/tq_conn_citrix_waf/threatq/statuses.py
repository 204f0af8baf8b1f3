"""The statuses that an indicator can have, by name: their ids differ per instance."""

import msgspec

from tq_conn_citrix_waf.errors import SourceFaultError, StatusUnknownError
from tq_conn_citrix_waf.threatq import answers
from tq_conn_citrix_waf.threatq.session import Session

_PATH = "/api/indicator/statuses"


class _Status(msgspec.Struct):
    id: int
    name: str


class _Statuses(msgspec.Struct):
    data: list[_Status]


def read_statuses(session: Session) -> dict[int, str]:
    """Return the name of each status by its id; sites define their own.

    Raises:
        SourceError: the list is not to be had, or empty.
    """
    found = answers.decoded(session.get(_PATH), _Statuses)
    if found is None or not found.data:
        raise SourceFaultError(
            f"GET {_PATH}: ThreatQ answered no list of statuses", answers.MAINTENANCE
        )
    return {status.id: status.name for status in found.data}


def status_id(session: Session, name: str) -> int:
    """Return the id of a status; upper and lower case count only where they must.

    Raises:
        StatusUnknownError: there is no such status; the known ones are named.
        SourceError: the list is not to be had.
    """
    known = read_statuses(session)
    for fold in (str, str.casefold):
        ids = [i for i, known_name in known.items() if fold(known_name) == fold(name)]
        if len(ids) == 1:
            return ids[0]
    raise StatusUnknownError(
        f"ThreatQ knows no status {answers.shown(name)!r}",
        f"choose one of: {answers.shown(', '.join(sorted(known.values())))}",
    )


class Agreement:
    """Whether an indicator's status id and status name say the same.

    An id and a name that the list both does not hold contradict nothing.
    """

    def __init__(self, statuses: dict[int, str]) -> None:
        self._names = statuses
        self._known = frozenset(statuses.values())
        self._judged: dict[tuple[int | None, str], bool] = {}

    def name(self, status_id: int | None) -> str:
        """Return the name of a status whose row gave its id only, or ''."""
        return "" if status_id is None else self._names.get(status_id, "")

    def holds(self, status_id: int | None, name: str) -> bool:
        """Whether they agree; a row without an id has nothing to contradict."""
        key = (status_id, name)
        found = self._judged.get(key)
        if found is None:
            found = self._judged[key] = self._judge(status_id, name)
        return found

    def _judge(self, status_id: int | None, name: str) -> bool:
        if status_id is None:
            return True
        meant = self._names.get(status_id)
        return meant == name if meant is not None else name not in self._known
