"""Nobody thought of this request: whatever comes in, the appliance keeps its word.

After each step: no traceback, no word outside the vocabulary, no overlap in a set,
saved is what was once running, sessions within their limit.
"""

import json
import random
from ipaddress import ip_address, ip_network
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
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
    *("nsfeature", "hanode", "nsip", "login", "logout", "nosuchthing", ""),
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


READS = (
    *(
        "policydataset",
        "policydataset?count=yes",
        "policydataset?args=dynamiconly:true",
    ),
    *(f"{BINDING}/bl4", f"{BINDING}/bl6", f"{BINDING}/bl4?pagesize=2&pageno=2"),
    *(f"{BINDING}?bulkbindings=yes", f"{BINDING}/bl4?filter=value:192.0.2.1"),
    *(f"{BINDING}/bl6?attrs=value,index", f"{BINDING}/bl4?filter=value:/2$/"),
    *("policydataset_binding/bl4", "policydataset_binding?bulkbindings=yes"),
    *("nsconfig", "nsversion", "nsfeature", "hanode", "hanode/1"),
    *("nsip", "nsip?count=yes", "nsip?filter=type:VIP"),
)
WRITES: tuple[tuple[str, str, str, dict[str, object]], ...] = (
    ("POST", "policydataset", "policydataset", {"name": "other", "type": "mac"}),
    ("POST", "policydataset", "policydataset", {"name": "bl4", "type": "ipv4"}),
    ("PUT", "policydataset", "policydataset", {"name": "bl4", "dynamic": "YES"}),
    (
        *("POST", "policydataset?action=unset", "policydataset"),
        {"name": "bl4", "dynamic": True},
    ),
    (
        *("POST", "policydataset?idempotent=yes", "policydataset"),
        {"name": "bl4", "type": "ipv4", "dynamic": "YES"},
    ),
    ("DELETE", "policydataset/bl4", "", {}),
    ("DELETE", f"{BINDING}/bl4?args=value:192.0.2.1", "", {}),
    ("DELETE", f"{BINDING}/bl4?args=value:192.0.2.1,endrange:192.0.2.3", "", {}),
    ("DELETE", f"{BINDING}/bl4?args=value:192.0.2.0%2F30&warning=yes", "", {}),
    ("PUT", f"{BINDING}?warning=yes", BINDING, {"name": "bl4", "value": "192.0.2.1"}),
    (
        *("PUT", f"{BINDING}/bl4", BINDING),
        {"name": "bl4", "value": "192.0.2.1", "endrange": "192.0.2.3"},
    ),
    ("POST", BINDING, BINDING, {"name": "bl6", "value": "2001:DB8:0::/64"}),
    ("POST", "nsfeature?action=enable", "nsfeature", {"feature": ["REP"]}),
    ("POST", "nsfeature?action=disable", "nsfeature", {"feature": ["rep", "LB"]}),
)


class Appliances(RuleBasedStateMachine):
    """One appliance under random requests, switches, faults, restarts and time."""

    def __init__(self) -> None:
        super().__init__()
        self.box = Box(dataset_limit=6)
        self.once_running: list[dict[str, Any]] = [{}]

    @initialize()
    def start(self) -> None:
        self.make_sets_that_are_missing()

    @rule()
    def make_sets_that_are_missing(self) -> None:
        appliance = self.box.appliance
        for name, kind in (("bl4", "ipv4"), ("bl6", "ipv6")):
            if name not in appliance.configuration.running.datasets:
                appliance.put_dataset(name, kind, [])

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

    @rule(place=st.sampled_from(READS), accept=st.sampled_from(["json", "xml"]))
    def read(self, place: str, accept: str) -> None:
        headers = {**STATELESS, "Accept": f"application/{accept}"}
        self._judge(self.box.ask("GET", place, headers=headers))

    @rule(request=st.sampled_from(WRITES))
    def write(self, request: tuple[str, str, str, dict[str, object]]) -> None:
        method, target, resource, item = request
        body = {resource: item} if item else None
        self._judge(self.box.ask(method, target, body))

    @rule()
    def back_to_the_defaults(self) -> None:
        self.box.dialect.reset()
        self.box.dialect.set({"dataset_limit": 6})
        self.box.appliance.strike("lose_session", {})

    @rule()
    def log_in(self) -> None:
        login = {"login": {"username": "tq_sync", "password": "right-horse"}}
        self._judge(self.box.ask("POST", "login", login, {}))

    @rule()
    def save(self) -> None:
        self._judge(self.box.ask("POST", "nsconfig?action=save", {"nsconfig": {}}))

    @rule(switch=st.sampled_from(DIALECT), data=st.data())
    def switch(self, switch: Any, data: st.DataObject) -> None:  # noqa: ANN401 -- Switch
        numbers = st.integers(0, 30)
        drawn = data.draw(
            numbers if switch.choices is None else st.sampled_from(switch.choices)
        )
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


ATTRIBUTES: dict[str, tuple[object, ...]] = {
    "name": (*["bl4", "bl6", "bl4"] * 3, *SETS, "", 5, None),
    "value": (*VALUES[:6] * 3, *VALUES, 5),
    "endrange": (*VALUES[:4] * 3, *VALUES),
    "index": (1, 2, "3", 0, -1, 2**33, True, [1]),
    "comment": ("", "by hand", "x" * 300, 5),
    "type": ("ipv4", "ipv6", "mac", "?"),
    "dynamic": ("YES", "NO", "?", True),
    "patsetfile": ("f",),
    "feature": (["REP"], ["lb", "CS"], ["?"], [5], "LB"),
    "all": (True, "x"),
    "username": ("tq_sync",),
    "password": ("right-horse", "wrong"),
    "timeout": (60, 3600, "900", -1),
    "colour": ("red",),
}
USUAL = {
    "policydataset": ("name", "type", "dynamic"),
    BINDING: ("name", "value", "endrange"),
    "nsfeature": ("feature",),
    "nsconfig": ("all",),
    "login": ("username", "password", "timeout"),
}
QUERIES = {
    "GET": (
        *("", "count=yes", "bulkbindings=yes", "pagesize=2;pageno=1", "view=detail"),
        *("filter=value:192.0.2.1", "filter=value:/2$/,name:bl4", "attrs=name,value"),
        *("pageno=1", "args=dynamiconly:true"),
    ),
    "PUT": ("", "", "", "warning=yes", "skipinvalidarg=yes"),
    "POST": (
        *("", "action=unbind", "action=unbind", "action=save", "action=enable"),
        *("action=unset", "idempotent=yes", "warning=yes", "action=?"),
    ),
    "DELETE": (
        *(f"args=value:192.0.2.{i}" for i in range(4)),
        *("", "args=value:192.0.2.0%2F30,name:bl4", "args=value:x:y"),
        *(f"args=value:192.0.2.{i},endrange:192.0.2.{i + 1}" for i in range(3)),
    ),
}


def _object(rng: random.Random, resource: str) -> dict[str, object]:
    usual = USUAL.get(resource, ())
    names = [n for n in usual if rng.random() < (0.3 if n == "endrange" else 0.97)]
    if rng.random() < 0.2:
        names.append(rng.choice(list(ATTRIBUTES)))
    return {name: rng.choice(ATTRIBUTES[name]) for name in names}


def _mostly(rng: random.Random, usual: object, *others: object) -> Any:  # noqa: ANN401 -- any part of a request
    return usual if rng.random() < 0.9 else rng.choice(others)


def _step(box: Box, rng: random.Random, session: dict[str, str]) -> Answer:
    resource = rng.choice((*RESOURCES, *[BINDING] * 12))
    method = rng.choice(("GET", "PUT", "PUT", "POST", "POST", "DELETE"))
    name = "/bl4" if method in ("GET", "DELETE") else ""
    name = _mostly(rng, name, "", "/bl6", "/", "/0", "/a%252Fb", "/a/b")
    query = rng.choice(QUERIES[_mostly(rng, method, *QUERIES)])
    several = [_object(rng, resource) for _ in range(rng.randrange(5))]
    inner = rng.choice((_object(rng, resource), several))
    listed = f"application/vnd.com.citrix.netscaler.{resource}_list+json"
    headers = {
        **_mostly(rng, rng.choice((STATELESS, session)), {}, STATELESS | session),
        "Content-Type": _mostly(rng, "application/json", listed, "text/plain"),
        "Accept": _mostly(rng, "application/json", "application/xml", "*/*"),
        "X-NITRO-ONERROR": rng.choice(("exit", "CONTINUE", "rollback")),
    }
    method = _mostly(rng, method, "PATCH", "HEAD")
    body = _mostly(rng, {resource: inner}, None, [], {resource: 5}, {"x": {}})
    return box.ask(method, f"{resource}{name}?{query}", body, headers)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_a_long_walk_of_random_requests_meets_no_traceback(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 -- must repeat
    machine = Appliances()
    for step in range(500):
        if step % 25 == 0:
            machine.back_to_the_defaults()
            machine.make_sets_that_are_missing()
            session = machine.box.log_in()
            switch = rng.choice(DIALECT)
            answer = rng.choice(switch.choices or (0, 1, 5))
            machine.box.dialect.set({switch.name: answer})
        machine._judge(_step(machine.box, rng, session))
        machine.no_two_bindings_share_an_address()
        machine.no_two_bindings_share_an_index()
        machine.unchanged_means_saved()


TestAppliances = Appliances.TestCase
TestAppliances.settings = settings(
    max_examples=25, stateful_step_count=40, deadline=None
)
