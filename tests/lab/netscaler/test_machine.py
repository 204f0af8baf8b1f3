"""Nobody thought of this request: whatever comes in, the appliance keeps its word.

After each step: no traceback, no word outside the vocabulary, no overlap in a set,
saved is what was once running, sessions within their limit.
"""

import json
from ipaddress import ip_address, ip_network
from itertools import pairwise
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from citrix_waf_lab.netscaler.switches import SWITCHES
from citrix_waf_lab.netscaler.vocabulary import REASONS, TEXTS
from citrix_waf_lab.wire import Answer, Request
from lab.netscaler.box import BINDING, LIST_TYPE, STATELESS, Box

SETS = ("bl4", "bl6", "other")
VALUES = (
    *(f"192.0.2.{i}" for i in range(4)),
    *("192.0.2.0/30", "192.0.2.1/31", "0.0.0.0/0", "300.1.1.1", "x", ""),
    *("2001:db8::1", "2001:DB8::1", "2001:db8::/64"),
)
RESOURCES = (
    *("policydataset", BINDING, "policydataset_binding", "nsconfig", "nsversion"),
    *("nsfeature", "hanode", "login", "logout", "nosuchthing", ""),
)
# save_seconds: a machine's clock is seldom moved past a save.
DIALECT = [switch for switch in SWITCHES if switch.name != "save_seconds"]

values = st.sampled_from(VALUES)
items = st.fixed_dictionaries(
    {"name": st.sampled_from(SETS), "value": values},
    optional={
        "endrange": values,
        "index": st.integers(-1, 9) | st.just("3"),
        "comment": st.text(max_size=5),
        "type": st.sampled_from(["ipv4", "ipv6", "mac", "?"]),
        "dynamic": st.sampled_from(["YES", "NO", "?"]) | st.booleans(),
        "feature": st.lists(st.sampled_from(["REP", "LB", "?"]), max_size=2),
        "username": st.just("tq_sync"),
        "password": st.just("right-horse"),
        "timeout": st.integers(-1, 2000),
    },
)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=4,
)
queries = st.lists(
    st.sampled_from(
        [
            *("action=unbind", "action=save", "action=enable", "action=unset"),
            *("count=yes", "bulkbindings=yes", "pagesize=2", "pageno=2", "view=detail"),
            *("args=value:192.0.2.1", "args=value:2001%3Adb8%3A%3A1", "args=name:bl4"),
            *("filter=value:192.0.2.1", "filter=value:/2$/", "attrs=name,value"),
            *("idempotent=yes", "skipinvalidarg=yes", "warning=yes", "x=y", "%", ";"),
        ]
    ),
    max_size=2,
).map("&".join)
onerrors = st.sampled_from(
    [{}] + [{"X-NITRO-ONERROR": how} for how in ("exit", "CONTINUE", "rollback", "?")]
)


class Appliances(RuleBasedStateMachine):
    """One appliance under random requests, switches, faults, restarts and time."""

    def __init__(self) -> None:
        super().__init__()
        self.box = Box(dataset_limit=6)
        self.once_running: list[dict[str, Any]] = [{}]
        self.indexes: dict[str, int] = {}

    @initialize()
    def sets(self) -> None:
        self.box.appliance.put_dataset("bl4", "ipv4", [])
        self.box.appliance.put_dataset("bl6", "ipv6", [])

    def _judge(self, answer: Answer) -> None:
        phrases = {*REASONS.items(), (209, "Netscaler specific warning")}
        assert (answer.status, answer.reason) in phrases
        kind = answer.header("Content-Type") or ""
        if kind.startswith("application/json"):
            body = json.loads(answer.body)
            for entry in (body, *body.get("response", [])):
                assert entry["errorcode"] in TEXTS
                assert entry["severity"] in ("NONE", "ERROR", "WARNING")

    @rule(
        method=st.sampled_from(["GET", "PUT", "POST", "DELETE", "PATCH"]),
        resource=st.sampled_from(RESOURCES),
        name=st.sampled_from(["", "/", *(f"/{name}" for name in SETS), "/0", "/a/b"]),
        query=queries,
        body=items | st.lists(items, max_size=3) | junk,
        onerror=onerrors,
    )
    def ask_anything(
        self,
        method: str,
        resource: str,
        name: str,
        query: str,
        body: object,
        onerror: dict[str, str],
    ) -> None:
        target = f"{resource}{name}?{query}"
        headers = {**STATELESS, **onerror}
        self._judge(self.box.ask(method, target, {resource: body}, headers))

    @rule(items=st.lists(items, min_size=1, max_size=4), onerror=onerrors)
    def bind_many(
        self, items: list[dict[str, object]], onerror: dict[str, str]
    ) -> None:
        plain = ("name", "value", "endrange", "comment", "index")
        objects = [{k: v for k, v in i.items() if k in plain} for i in items]
        headers = {**STATELESS, "Content-Type": LIST_TYPE, **onerror}
        self._judge(self.box.ask("PUT", BINDING, {BINDING: objects}, headers))

    @rule(items=st.lists(items, min_size=1, max_size=4), onerror=onerrors)
    def unbind_many(
        self, items: list[dict[str, object]], onerror: dict[str, str]
    ) -> None:
        objects = [
            {k: i[k] for k in ("name", "value", "endrange") if k in i} for i in items
        ]
        headers = {**STATELESS, "Content-Type": LIST_TYPE, **onerror}
        target = f"{BINDING}?action=unbind"
        self._judge(self.box.ask("POST", target, {BINDING: objects}, headers))

    @rule(
        path=st.text(max_size=20),
        body=st.binary(max_size=20),
        kind=st.sampled_from(["application/json", LIST_TYPE, "text/plain", ""]),
        cookie=st.text(st.characters(codec="ascii"), max_size=20),
    )
    def ask_nonsense(self, path: str, body: bytes, kind: str, cookie: str) -> None:
        headers = (("Content-Type", kind), ("Cookie", cookie), *STATELESS.items())
        for place in (path, f"/nitro/v1/config/{path}", f"/nitro/v1/stat/{path}"):
            path_, _, query = place.partition("?")
            self._judge(self.box.answer(Request("POST", path_, query, headers, body)))

    @rule()
    def log_in(self) -> None:
        login = {"login": {"username": "tq_sync", "password": "right-horse"}}
        self._judge(self.box.ask("POST", "login", login, {}))

    @rule()
    def save(self) -> None:
        self._judge(self.box.ask("POST", "nsconfig?action=save", {"nsconfig": {}}))

    @rule(switch=st.sampled_from(DIALECT), data=st.data())
    def switch(self, switch: Any, data: st.DataObject) -> None:  # noqa: ANN401 -- Switch
        choices = st.integers(0, 30) if switch.choices is None else None
        drawn = data.draw(choices or st.sampled_from(switch.choices))
        self.box.dialect.set({switch.name: drawn})

    @rule(
        fault=st.sampled_from(["lose_session", "fill_sessions", "config_changed"]),
        half=st.none() | st.integers(0, 2),
    )
    def strike(self, fault: str, half: int | None) -> None:
        self.box.appliance.strike(fault, {})
        self.box.appliance.half_apply = half

    @rule(seconds=st.integers(-100, 2000))
    def wait(self, seconds: int) -> None:
        self.box.clock.advance(seconds)

    @rule()
    def reboot(self) -> None:
        self.box.appliance.reboot()
        self.indexes.clear()

    @rule()
    def replace_a_set(self) -> None:
        self.box.appliance.put_dataset("other", "ipv4", [])

    @invariant()
    def no_two_bindings_share_an_address(self) -> None:
        for dataset in self.box.appliance.configuration.running.datasets.values():
            spans = sorted((b.first, b.last) for b in dataset.bindings())
            assert all(left[1] < right[0] for left, right in pairwise(spans))
            assert all(first <= last for first, last in spans)

    @invariant()
    def no_two_bindings_share_an_index(self) -> None:
        for dataset in self.box.appliance.configuration.running.datasets.values():
            indexes = [b.index for b in dataset.bindings()]
            assert len(indexes) == len(set(indexes))
            assert all(index < dataset.next_index for index in indexes)

    @invariant()
    def what_is_saved_was_once_running(self) -> None:
        configuration = self.box.appliance.configuration
        self.once_running.append(_plain(configuration.running))
        assert _plain(configuration.saved) in self.once_running

    @invariant()
    def unchanged_means_saved(self) -> None:
        configuration = self.box.appliance.configuration
        if not configuration.changed:
            assert _plain(configuration.running) == _plain(configuration.saved)

    @invariant()
    def texts_and_numbers_of_addresses_agree(self) -> None:
        for dataset in self.box.appliance.configuration.running.datasets.values():
            for b in dataset.bindings():
                network = ip_network(b.value, strict=False)
                end = ip_address(b.endrange) if b.endrange else network[-1]
                assert (int(network[0]), int(end)) == (b.first, b.last)


def _plain(settings: Any) -> dict[str, Any]:  # noqa: ANN401 -- Settings
    return {
        name: (dataset.kind, dataset.dynamic, dataset.bindings())
        for name, dataset in settings.datasets.items()
    }


TestAppliances = Appliances.TestCase
TestAppliances.settings = settings(
    max_examples=40, stateful_step_count=40, deadline=None
)
