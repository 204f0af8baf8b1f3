"""One appliance without HTTP: configuration, sessions, node.

What is done here is done to the running configuration; only a save makes it last.
"""

import random
from collections.abc import Mapping

from citrix_waf_lab.clock import Clock
from citrix_waf_lab.dialects import Dialect
from citrix_waf_lab.netscaler import edits
from citrix_waf_lab.netscaler.configuration import Configuration, Settings
from citrix_waf_lab.netscaler.datasets import Dataset
from citrix_waf_lab.netscaler.node import Node
from citrix_waf_lab.netscaler.rules import Rules
from citrix_waf_lab.netscaler.sessions import Sessions
from citrix_waf_lab.netscaler.values import KINDS
from citrix_waf_lab.netscaler.vocabulary import Refusal


class Appliance:
    """State of one appliance.

    Args:
        name: its name in the lab, e.g. ``adc1``.
        clock: the lab's time.
        dialect: the answers of the switches in force.
        rng: where tokens come from.
        username: the one user that the lab has.
        password: that user's password.

    Attributes:
        half_apply: of the next bulk, only so many objects are applied; None is all.
    """

    def __init__(
        self,
        name: str,
        *,
        clock: Clock,
        dialect: Dialect,
        rng: random.Random,
        username: str,
        password: str,
    ) -> None:
        self.name = name
        self.clock = clock
        self.dialect = dialect
        self.username = username
        self.password = password
        self.node = Node(name, dialect)
        self._rng = rng
        self.reset()

    def reset(self) -> None:
        """Go back to the state after construction; name and credentials stay."""
        self.half_apply: int | None = None
        self.configuration = Configuration(self.clock, self.dialect)
        self.sessions = Sessions(self.clock, self.dialect, self._rng)

    def reboot(self) -> None:
        """Start again from what was saved; all sessions are gone."""
        self.half_apply = None
        self.configuration.restart()
        self.sessions.close_all()

    def put_dataset(self, name: str, kind: str, bindings: list[dict[str, str]]) -> None:
        """Make or replace a data set, as an administrator does.

        Args:
            name: of the data set.
            kind: its type, e.g. ``ipv4``.
            bindings: each with ``value`` and perhaps ``endrange`` and ``comment``.

        Raises:
            ValueError: what is wrong, and with which binding; nothing is changed.
        """
        if kind not in KINDS:
            raise ValueError(f"type {kind!r} is none of {', '.join(KINDS)}")
        fresh = Settings({name: Dataset(kind)})
        rules = Rules.of(self.dialect)
        try:
            edits.check_name(name or "-")
        except Refusal as error:
            raise ValueError(f"name {name!r}: {error}") from error
        for binding in bindings:
            _by_hand(fresh, name, binding, rules)
        settings = self.configuration.running
        if name in settings.datasets:
            newest = settings.datasets[name].next_index
            dataset = fresh.datasets[name]
            dataset.next_index = max(dataset.next_index, newest)
        settings.datasets[name] = fresh.datasets[name]
        self.configuration.touch()

    def view(self) -> dict[str, object]:
        """Return what the control interface shows of this appliance.

        Returns:
            ``{"datasets", "saved", "sessions", "node"}``; a binding is
            ``{value, endrange?, comment?, index}`` as a GET echoes it.
        """
        rules = Rules.of(self.dialect)
        return {
            "datasets": _shown(self.configuration.running, rules),
            "saved": _shown(self.configuration.saved, rules),
            "sessions": len(self.sessions),
            "node": self.node.view(),
        }

    def strike(self, fault: str, params: Mapping[str, object]) -> None:
        """Do what somebody or something else does to the appliance.

        Args:
            fault: ``lose_session`` (all are killed), ``fill_sessions`` (none is free),
                ``config_changed`` (somebody changed something and did not save),
                ``set_edited`` (somebody edits a data set).
            params: of ``set_edited``: ``set``, ``add`` (values, or objects as in
                ``put_dataset``) and ``remove`` (likewise).

        Raises:
            ValueError: there is no such fault, or its parameters do not fit.
        """
        if fault == "lose_session":
            self.sessions.close_all()
        elif fault == "fill_sessions":
            self.sessions.fill()
        elif fault == "config_changed":
            self.configuration.touch()
        elif fault == "set_edited":
            self._edit(params)
        else:
            raise ValueError(f"an appliance knows no fault {fault!r}")

    def _edit(self, params: Mapping[str, object]) -> None:
        name, running = params.get("set"), self.configuration.running
        if not isinstance(name, str) or name not in running.datasets:
            raise ValueError(f"there is no data set {name!r} to edit")
        rules = Rules.of(self.dialect)
        for item in _items(params.get("remove", [])):
            try:
                edits.unbind(running, {**item, "name": name}, rules)
            except Refusal:
                continue  # somebody was faster; a person would shrug too
        for item in _items(params.get("add", [])):
            try:
                _by_hand(running, name, item, rules)
            except ValueError:
                continue  # likewise
        self.configuration.touch()


def _items(given: object) -> list[dict[str, str]]:
    if not isinstance(given, list):
        raise ValueError("add and remove are lists")  # noqa: TRY004 - words for a person
    return [item if isinstance(item, dict) else {"value": str(item)} for item in given]


def _by_hand(
    settings: Settings, name: str, binding: Mapping[str, str], rules: Rules
) -> None:
    """Bind as an administrator; raise ValueError with words."""
    item = dict(binding)
    comment = item.pop("comment", None)
    if comment and rules.comment_known:
        item["comment"] = comment
    try:
        edits.bind(settings, {**item, "name": name}, rules)
    except Refusal as error:
        raise ValueError(f"binding {dict(binding)!r}: {error}") from error


def _shown(settings: Settings, rules: Rules) -> dict[str, object]:
    return {
        name: {"type": dataset.kind, "bindings": edits.rows(dataset, rules)}
        for name, dataset in settings.datasets.items()
    }
