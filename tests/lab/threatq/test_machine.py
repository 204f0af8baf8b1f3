"""A client gone wild: whatever it sends, the answer is one that ThreatQ has."""

import json
from urllib.parse import quote

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)

from citrix_waf_lab.dialects import Switch
from citrix_waf_lab.threatq.answers import REASONS
from citrix_waf_lab.threatq.cursor import SORTS
from citrix_waf_lab.threatq.switches import SWITCHES
from lab.threatq.desk import PASSWORD_GRANT, REGISTRATION, Desk, addresses

PATHS = (
    "/api/token",
    "/assets/js/config.js",
    "/api/objects",
    "/api/search/query",
    "/api/indicators/query",
    "/api/indicators/query/hash/HASH",
    "/api/indicators/query/hash/none",
    "/api/indicator/types",
    "/api/indicator/statuses",
    "/api/indicator/statuses/2",
    "/api/connectors",
    "/api/connectors/CONNECTOR",
    "/api/users/current",
    "/api/indicators",
    "/api/indicators/consume/new",
    "/api/indicators/ID",
    "/api/indicators/ID/details",
    "/api/indicators/ID/tags",
    "/api/indicators/ID/comments",
    "/api/indicators/ID/attributes",
    "/api/indicators/ID/events",
    "/api/indicators/ID/attributes/NOTE",
    "/api/indicators/ID/tags/NOTE",
    "/api/indicators/comments/NOTE",
    "/api/indicator/ID/scores",
    "/api/events",
    "/api/events/1",
    "/api/%2e%2e/x",
    "/",
)
PLAUSIBLE: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("POST", "/api/token", dict(PASSWORD_GRANT)),
    ("POST", "/api/search/query", {"name": "x", "json": {"api_query": {}}}),
    ("POST", "/api/indicators/query", {"criteria": {"score": {"+gte": 5}}}),
    ("POST", "/api/indicators/query", {"fields": ["id", "status", "score"]}),
    ("POST", "/api/indicators/query", {"filters": {"created_at": {"+lt": "NOW"}}}),
    ("POST", "/api/connectors", REGISTRATION),
    ("PUT", "/api/connectors/CONNECTOR", {"is_active": True}),
    (
        "POST",
        "/api/indicators",
        {"type": "FQDN", "value": "a.example", "status": "Review"},
    ),
    ("PUT", "/api/indicators/ID", {"status": "Expired"}),
    ("POST", "/api/indicators/ID/tags", {"name": "seen"}),
    ("POST", "/api/indicators/ID/comments", {"value": "seen"}),
    ("POST", "/api/indicators/ID/attributes", {"name": "seen", "value": "1"}),
    ("PUT", "/api/indicators/ID/attributes/NOTE", {"value": "2"}),
    ("PUT", "/api/indicators/comments/NOTE", {"value": "2"}),
    ("DELETE", "/api/indicators/ID/attributes/NOTE", {}),
    ("DELETE", "/api/indicators/ID/tags/NOTE", {}),
    ("PUT", "/api/indicator/ID/scores", {"manual_score": 7}),
    (
        "POST",
        "/api/events",
        {"title": "t", "type": "Sighting", "happened_at": "2026-01-05 08:00:00"},
    ),
)
"""Requests that may succeed; the client spoils one part of them, or none."""

METHODS = st.sampled_from(("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"))
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(("Active", "Expired", "IP Address", "NOW", "-3 days", "*"))
)
KEYS = (
    *("criteria", "filters", "fields", "+and", "+or", "value", "score", "created_at"),
    *("type_name", "status_name", "mentions", "tag_name", "+gte", "+contains", "is"),
    *("name", "json", "api_query", "category", "custom_fields", "is_active", "status"),
    *("type", "status_id", "manual_score", "title", "happened_at", "indicators"),
    *("sources", "attributes", "indicator_status_id", "grant_type", "+equals", "id"),
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS) | st.text(max_size=4), inner, max_size=4
        )
    ),
    max_leaves=12,
)
bodies = (
    values.map(lambda v: json.dumps(v).encode())
    | st.binary(max_size=20)
    | st.sampled_from((b"", b"[" * 5000, b"{}", b"[]", b'{"a":1e999}'))
    | st.just(json.dumps(PASSWORD_GRANT).encode())
    | st.just(json.dumps(REGISTRATION).encode())
    | st.sampled_from(("198.51.0.1", "198.51.0.2")).map(
        lambda v: json.dumps(
            {"type": "IP Address", "value": v, "status": "Active", "name": v}
        ).encode()
    )
)
parameter = st.tuples(
    st.sampled_from(
        ("limit", "offset", "sort", "with", "cursorMark", "name", "id", "widget", "x")
    ),
    st.sampled_from(("", "0", "1", "7", "-1", "99999999999999999999", "*", "1,2"))
    | st.sampled_from(SORTS)
    | st.sampled_from(
        ("-score,id", "score,attributes", "AoJ9W251bGxd", "AoJ9WzFlNDAwXQ==")
    )
    | st.text(max_size=6),
)
queries = st.lists(parameter, max_size=3).map(
    lambda pairs: "&".join(f"{quote(k)}={quote(v)}" for k, v in pairs)
)
KINDS = st.sampled_from(
    ("application/json", "application/x-www-form-urlencoded", "text/plain", "")
)


def answers_of(switch: Switch) -> st.SearchStrategy[object]:
    choices = switch.choices or (0, 1, 5, switch.default)
    return st.tuples(st.just(switch.name), st.sampled_from(choices))


class WildClient(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk()
        self.desk.collect(count=7)
        self.desk.sign_in()
        self.steps = 0

    def path(self, text: str) -> str:
        threatq = self.desk.threatq
        connectors = threatq.connector_list.rows
        notes = [
            n.id
            for i in threatq.library.by_id.values()
            for n in (*i.attributes, *i.tags, *i.comments)
        ]
        text = text.replace("HASH", threatq.searches.rows[0].hash)
        text = text.replace("CONNECTOR", str(connectors[0].id if connectors else 9))
        text = text.replace("NOTE", str(notes[0] if notes else 9))
        return text.replace("ID", str(threatq.library.ids[0]))

    @rule(
        method=METHODS,
        path=st.sampled_from(PATHS),
        query=queries,
        kind=KINDS,
        body=bodies,
    )
    def ask(self, method: str, path: str, query: str, kind: str, body: bytes) -> None:
        reply = self.desk.send(
            method, f"{self.path(path)}?{query}", body, {"Content-Type": kind}
        )
        assert reply.status in REASONS
        assert reply.status != 500 or b"+equals" in reply.raw

    @rule(path=st.sampled_from(PATHS), query=queries)
    def read(self, path: str, query: str) -> None:
        assert self.desk.get(f"{self.path(path)}?{query}").status in REASONS

    @rule(
        request=st.sampled_from(PLAUSIBLE),
        spoilt=st.dictionaries(st.sampled_from(KEYS), values, max_size=1),
    )
    def nearly(
        self, request: tuple[str, str, dict[str, object]], spoilt: dict[str, object]
    ) -> None:
        method, path, body = request
        reply = self.desk.ask(method, self.path(path), {**body, **spoilt})
        assert reply.status in REASONS
        assert reply.status != 500 or b"+equals" in reply.raw

    @rule(node=values, operator=st.sampled_from(("+and", "+or", "value", "score")))
    def search(self, node: object, operator: str) -> None:
        body = {"criteria": {operator: node}}
        assert self.desk.post("/api/indicators/query", body).status in REASONS

    @precondition(lambda self: self.steps % 4 == 0)
    @rule(answer=st.one_of([answers_of(s) for s in SWITCHES]))
    def switch(self, answer: tuple[str, object]) -> None:
        self.desk.dialect.set(dict([answer]))

    @rule()
    def switches_back(self) -> None:
        self.desk.dialect.reset()
        self.desk.clock.advance(90)
        self.desk.sign_in()

    @rule(count=st.integers(0, 9), name=st.sampled_from(("Block at edge", "Other")))
    def replace_collection(self, count: int, name: str) -> None:
        self.desk.threatq.put_collection(name, addresses(count))

    @rule(fault=st.sampled_from(("expire_token", "revoke_refresh")))
    def strike(self, fault: str) -> None:
        self.desk.threatq.strike(fault, {})

    @invariant()
    def the_library_is_in_order(self) -> None:
        library = self.desk.threatq.library
        assert library.ids == sorted(library.by_id)
        assert all(i.id == n for n, i in library.by_id.items())

    @invariant()
    def members_are_in_the_library(self) -> None:
        threatq = self.desk.threatq
        for members in threatq.searches.members.values():
            assert members <= threatq.library.by_id.keys()

    @invariant()
    def time_passes(self) -> None:
        self.steps += 1


TestWildClient = WildClient.TestCase
TestWildClient.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
