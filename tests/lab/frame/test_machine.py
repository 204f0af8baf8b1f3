"""A machine that asks both systems anything, under any switch, fault and clock.

Never an exception, never a status that no source knows, and always a state that makes
sense: what is saved was once running, sessions are counted, every request is listed.
"""

import json
from typing import Any
from urllib.parse import quote

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from citrix_waf_lab.catalogue import FAULTS
from citrix_waf_lab.dialects import Switch
from citrix_waf_lab.lab import SWITCHES, Lab
from citrix_waf_lab.wire import Answer, Request

STATUSES = {200, 201, 204, 207, 209, 307}
STATUSES |= {400, 401, 403, 404, 405, 406, 409, 422, 429, 500, 503, 599}

ALL_SWITCHES = [one for part in SWITCHES.values() for one in part]
NITRO = "/nitro/v1/config/"
RESOURCES = (
    *("login", "logout", "policydataset", "policydataset/bl", "nsconfig", "nsversion"),
    *("policydataset_value_binding", "policydataset_value_binding/bl", "nsfeature"),
    *("policydataset_binding/bl", "hanode", "nsip", "nothing", ""),
)
QUERIES = (
    *("", "count=yes", "action=save", "action=unbind", "action=enable", "filter=a:b"),
    *("args=value:192.0.2.1", "args=value:192.0.2.0%2F30,endrange:1", "attrs=name"),
    *("pagesize=1&pageno=2", "bulkbindings=yes", "action=", "warning=yes", "x=%zz"),
)
VALUES = ("192.0.2.1", "192.0.2.0/30", "2001:db8::1", "300.1.1.1", "", "x", 7, None)
ROUTES = (
    *("token", "objects", "search/query", "indicators/query", "indicator/types"),
    *("indicator/statuses", "connectors", "connectors/1", "users/current", "events"),
    *("indicators/1", "indicators/1/details", "indicators/1/attributes", "nothing"),
    *("indicators/query/hash/0", "indicator/1/scores", "indicators/1/tags"),
)
PAGES = (
    *("", "limit=1", "limit=0&offset=9", "cursorMark=*&sort=id", "cursorMark=x"),
    *("sort=-value,id", "grant_type=password", "grant_type=refresh_token", "limit=x"),
    *("name=Citrix", "with=score,attributes.sources", "grant_type=client_credentials"),
)
CRITERIA: tuple[object, ...] = (
    *({}, {"value": "192.0.2.1"}, {"value": {"+contains": "2"}}, {"type_name": 7}),
    *({"+or": [{"status_name": "Active"}, {"score": {"+gte": 1}}]}, {"+and": {}}, []),
)
METHODS = st.sampled_from(["GET", "GET", "POST", "PUT", "DELETE", "PATCH"])
JUNK = st.sampled_from([b"", b"{", b"[]", b"7", b'{"a": []}', b"a=1&b", b"\xff"])
BINDING = st.fixed_dictionaries(
    {"name": st.sampled_from(["bl", "no", ""]), "value": st.sampled_from(VALUES)},
    optional={
        "endrange": st.sampled_from(["192.0.2.9", "192.0.2.0", "x"]),
        "comment": st.sampled_from(["by hand", "", "x" * 300]),
        "index": st.sampled_from([1, "2", 0, "x"]),
        "unknown": st.just("x"),
    },
)


def answers(switch: Switch) -> st.SearchStrategy[Any]:
    if switch.choices is not None:
        return st.sampled_from(switch.choices)
    top = int(min(switch.most or 20, 20))
    return st.integers(0, top) if isinstance(switch.default, int) else st.just(1.0)


class Anything(RuleBasedStateMachine):
    """Random requests in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.lab = Lab(seed=13)
        self.listed = 0
        self.tokens: list[str] = []
        self.session = ""
        self.ever_running: set[str] = set()

    def command(self, method: str, path: str, body: object = None) -> Answer:
        sent = b"" if body is None else json.dumps(body).encode()
        answer = self.lab.control(Request(method, path, "", (), sent))
        assert answer.status in {200, 400, 404}
        json.loads(answer.body)
        return answer

    def heard(self, answer: Answer) -> Answer:
        self.listed += not answer.delivery.refuse
        assert answer.status in STATUSES | {0}
        return answer

    def nitro(
        self, method: str, resource: str, query: str, body: bytes, *, signed: bool
    ) -> Answer:
        login = self.lab.credentials.appliances["adc1"]
        who = (("X-NITRO-USER", login.username), ("X-NITRO-PASS", login.password))
        if self.session and signed:
            cookie = f"NITRO_AUTH_TOKEN={quote(self.session, safe='')}"
            who = (("Cookie", cookie), ("X-Other", "x"))
        kinds = (("Content-Type", "application/json"), ("Accept", "application/json"))
        headers = (*kinds, *who[: 2 if signed else 1])
        sent = Request(method, NITRO + resource, query, headers, body)
        return self.heard(self.lab.appliances["adc1"](sent))

    def threatq(self, method: str, route: str, query: str, body: bytes) -> Answer:
        kind = ("Content-Type", "application/json")
        bearer = ("Authorization", f"Bearer {self.tokens[-1] if self.tokens else 'x'}")
        sent = Request(method, f"/api/{route}", query, (kind, bearer), body)
        return self.heard(self.lab.threatq(sent))

    @rule(
        method=METHODS,
        resource=st.sampled_from(RESOURCES),
        query=st.sampled_from(QUERIES),
        body=JUNK,
        signed=st.booleans(),
    )
    def ask_nitro(
        self, *, method: str, resource: str, query: str, body: bytes, signed: bool
    ) -> None:
        self.nitro(method, resource, query, body, signed=signed)

    @rule(
        method=METHODS,
        query=st.sampled_from(QUERIES),
        bindings=st.lists(BINDING, max_size=5),
        single=st.booleans(),
    )
    def ask_for_bindings(
        self, *, method: str, query: str, bindings: list[Any], single: bool
    ) -> None:
        content = bindings[0] if single and bindings else bindings
        body = json.dumps({"policydataset_value_binding": content}).encode()
        self.nitro(method, "policydataset_value_binding", query, body, signed=True)

    @rule(kind=st.sampled_from(["ipv4", "ipv6", "number", "mac", "no", ""]))
    def add_a_set(self, kind: str) -> None:
        body = json.dumps({"policydataset": {"name": "bl", "type": kind}}).encode()
        self.nitro("POST", "policydataset", "", body, signed=True)

    @rule()
    def save(self) -> None:
        self.nitro("POST", "nsconfig", "action=save", b'{"nsconfig": {}}', signed=True)

    @rule(right=st.booleans())
    def sign_in_to_the_appliance(self, *, right: bool) -> None:
        login = self.lab.credentials.appliances["adc1"]
        user = {"username": login.username, "password": login.password * (2 - right)}
        body = json.dumps({"login": user}).encode()
        kind = (("Content-Type", "application/json"),)
        path = f"{NITRO}login"
        answer = self.heard(
            self.lab.appliances["adc1"](Request("POST", path, "", kind, body))
        )
        found = answer.body.partition(b'"sessionid": "')[2].partition(b'"')[0]
        self.session = found.decode("latin-1") or self.session

    @rule(
        method=METHODS,
        route=st.sampled_from(ROUTES),
        query=st.sampled_from(PAGES),
        body=JUNK,
    )
    def ask_threatq(self, method: str, route: str, query: str, body: bytes) -> None:
        self.threatq(method, route, query, body)

    @rule(
        criteria=st.sampled_from(CRITERIA),
        filters=st.sampled_from(CRITERIA),
        query=st.sampled_from(PAGES),
        fields=st.sampled_from([None, ["value"], ["nothing"], "value", []]),
    )
    def query_threatq(
        self, criteria: object, filters: object, query: str, fields: object
    ) -> None:
        asked = {"criteria": criteria, "filters": filters, "fields": fields}
        told = {key: value for key, value in asked.items() if value is not None}
        self.threatq("POST", "indicators/query", query, json.dumps(told).encode())

    @rule(name=st.sampled_from(["Citrix", "", 7]))
    def register_with_threatq(self, name: object) -> None:
        fields = [{"key": "user", "label": "Username", "type": "text"}]
        new = {"name": name, "category": "Labs", "custom_fields": fields}
        self.threatq("POST", "connectors", "", json.dumps(new).encode())
        form = {"Username": "somebody", "enabled": True}
        self.command("PUT", "/threatq/connectors/Citrix/form", form)

    @rule()
    def sign_in_to_threatq(self) -> None:
        secret = self.lab.credentials
        query = f"grant_type=password&client_id={secret.client_id}"
        user = {"email": secret.user.username, "password": secret.user.password}
        answer = self.threatq("POST", "token", query, json.dumps(user).encode())
        found = answer.body.partition(b'"access_token":"')[2].partition(b'"')[0]
        self.tokens += [found.decode("latin-1")] if found else []

    @rule(
        values=st.lists(st.sampled_from(VALUES), max_size=3),
        status=st.sampled_from(["Active", "Expired", "Send to NetScaler", "", None]),
    )
    def fill_a_collection(self, values: list[object], status: object) -> None:
        told = {"type": "IP Address", "status": status, "score": 5}
        indicators = [{"value": value, **told} for value in values]
        self.command("PUT", "/threatq/collections/Block", {"indicators": indicators})

    @rule(bindings=st.lists(BINDING, max_size=3))
    def edit_a_set_by_hand(self, bindings: list[dict[str, object]]) -> None:
        by_hand = [
            {key: one[key] for key in ("value", "endrange", "comment") if key in one}
            for one in bindings
        ]
        body = {"type": "ipv4", "bindings": by_hand}
        self.command("PUT", "/appliances/adc1/datasets/bl", body)

    @rule(data=st.data(), switch=st.sampled_from(ALL_SWITCHES))
    def turn_a_switch(self, data: st.DataObject, switch: Switch) -> None:
        value = data.draw(answers(switch))
        assert self.command("PUT", "/dialect", {switch.name: value}).status == 200

    @rule(name=st.sampled_from(sorted(FAULTS)), times=st.integers(1, 3))
    def put_a_fault_in_force(self, name: str, times: int) -> None:
        needed = {"set_edited": {"set": "bl", "add": ["192.0.2.7"], "remove": ["x"]}}
        wish = {"name": name, "times": times, "params": needed.get(name, {})}
        assert self.command("POST", "/faults", wish).status == 200

    @rule(seconds=st.sampled_from([1, 60, 1000, 100_000, -5000]))
    def move_the_clock(self, seconds: int) -> None:
        self.command("PUT", "/clock", {"advance": seconds})

    @rule(call=st.sampled_from(["/reset", "/appliances/adc1/reboot"]))
    def restart(self, call: str) -> None:
        assert self.command("POST", call).status == 200

    @invariant()
    def every_request_is_listed(self) -> None:
        mark, _ = self.lab.journal.since(10**9)
        assert mark == self.listed

    @invariant()
    def what_is_saved_was_once_running(self) -> None:
        view: Any = self.lab.appliance_states["adc1"].view()
        self.ever_running.add(json.dumps(view["datasets"], sort_keys=True))
        assert json.dumps(view["saved"], sort_keys=True) in self.ever_running | {"{}"}

    @invariant()
    def sessions_are_counted(self) -> None:
        view: Any = self.lab.appliance_states["adc1"].view()
        assert 0 <= view["sessions"] <= 40


TestAnything = Anything.TestCase
TestAnything.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
