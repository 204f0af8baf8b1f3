"""What goes wrong at the NetScaler, or on the way there, and what a run ends with."""

from collections.abc import Callable

import msgspec

from citrix_waf_lab import wire
from support.outside import BLOCK_LIST, BY_HAND
from support.scenarios.source import certificate, dialect
from support.scenarios.stage import FIRST, THEN, Scenario, Stage
from tq_conn_citrix_waf.errors import (
    ConnectorError,
    DatasetFullError,
    DatasetMissingError,
    DatasetTypeError,
    EntriesRefusedError,
    PausedError,
    PlanChangedError,
    PlanHeldError,
    SecondaryNodeError,
    StillBlockedError,
    TargetCertificateError,
    TargetFaultError,
    TargetRightsError,
    TargetSessionsError,
    TargetSignInError,
    TargetUnreachableError,
    UnverifiedError,
)
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.netscaler.nitro import AnswerEndlessError, AnswerLostError

CODE = Exit.TARGET
_BINDINGS = "policydataset_value_binding"
_WIDE = [f"203.0.{114 + n // 250}.{n % 250}" for n in range(600)]


def untrusted(stage: Stage) -> None:
    """Let the appliance show a certificate of an unknown authority."""
    tls, plain = stage.serve(certificate()), stage.serve(None)
    where = f"127.0.0.1:{tls['adc1'].port}"
    stage.form(**{"API IP/Hostname": where, "Use HTTPS": True})
    stage.key("threatq", f'host = "http://127.0.0.1:{plain["threatq"].port}"')


def crowded(stage: Stage) -> None:
    """Let another program hold the only session."""
    stage.dialect(session_limit=1)
    known = stage.lab.credentials.appliances["adc1"]
    who = {"username": known.username, "password": known.password}
    json = (("Content-Type", "application/json"),)
    body = msgspec.json.encode({"login": who})
    stage.lab.appliances["adc1"](
        wire.Request("POST", "/nitro/v1/config/login", "", json, body)
    )


def filled(stage: Stage) -> None:
    """Let the set hold no more than one of the two that come."""
    stage.collection([*FIRST, *THEN])
    stage.dialect(dataset_limit=16)


def fault(name: str, path: str = "", **more: object) -> Callable[[Stage], None]:
    """Return what puts a fault in force at the appliance."""
    return lambda stage: stage.fault(name, "netscaler", path=path, **more)


def dataset(name: str, kind: str) -> Callable[[Stage], None]:
    """Return what makes another data set and enters its name."""

    def arrange(stage: Stage) -> None:
        path = f"/appliances/adc1/datasets/{name}"
        stage.control("PUT", path, {"type": kind, "bindings": []})
        stage.form(**{"IP Block List": name})

    return arrange


def at(when: str, error: type[ConnectorError], arrange: object) -> Scenario:
    """Return a run that ends before anything is written."""
    return Scenario(when, error, CODE, arrange)  # type: ignore[arg-type]  # one of the functions here


def edited(add: list[dict[str, str]], path: str, after: int) -> Callable[[Stage], None]:
    """Return what lets somebody edit the set in the middle of the run."""
    return fault(
        "set_edited",
        path,
        after=after,
        times=1,
        params={"set": BLOCK_LIST, "add": add or None, "remove": None if add else THEN},
    )


def overlapped(stage: Stage) -> None:
    """Let a network be wanted, and somebody bind a part of it in the middle."""
    stage.collection([*THEN, "203.0.115.0/28"])
    edited([{"value": "203.0.115.4", "endrange": "203.0.115.9"}], "nsconfig", 0)(stage)


def other_plan(stage: Stage) -> None:
    """Save a plan that is none of today's, and stand beside it."""
    saved = {"plan": "0" * 16, "block_list": BLOCK_LIST, "appliance": "adc1"}
    (stage.directory / "plan.json").write_bytes(msgspec.json.encode(saved))
    stage.patch.chdir(stage.directory)


def stopped(stage: Stage) -> None:
    """Save a plan, and stop all writing before it is carried out."""
    other_plan(stage)
    assert stage.tell("pause", "--reason", "change 4711").code == 0


SCENARIOS = (
    at(
        "nobody listens where the appliance should be",
        TargetUnreachableError,
        fault("refuse"),
    ),
    at(
        "the appliance does not answer a reading in time",
        AnswerLostError,
        fault("never_answer", _BINDINGS),
    ),
    at(
        "the appliance's answer to a reading does not end",
        AnswerEndlessError,
        fault("endless", _BINDINGS),
    ),
    at("the appliance's certificate is unknown", TargetCertificateError, untrusted),
    at(
        "the appliance refuses the password",
        TargetSignInError,
        lambda stage: stage.form(Password="another password"),
    ),
    at(
        "the appliance has no session left",
        TargetSessionsError,
        crowded,
    ),
    at("the NetScaler user may not read", TargetRightsError, dialect(rights="none")),
    Scenario(
        "the NetScaler user may not write",
        TargetRightsError,
        CODE,
        dialect(rights="read-only"),
        writes=True,
    ),
    at(
        "HTML comes from the appliance instead of JSON",
        TargetFaultError,
        fault("html_page", _BINDINGS),
    ),
    at(
        "the JSON of the appliance is truncated",
        TargetFaultError,
        fault("truncate_json", _BINDINGS, params={"bytes": 90}),
    ),
    at(
        "the appliance points elsewhere",
        TargetFaultError,
        fault("status", params={"status": 302, "location": "https://adc1.lab/"}),
    ),
    at(
        "sessions are ended over and over",
        TargetFaultError,
        fault("lose_session", "config/[^l]"),
    ),
    at(
        "the appliance is the secondary",
        SecondaryNodeError,
        dialect(ha_role="secondary"),
    ),
    at(
        "the data set is not there",
        DatasetMissingError,
        lambda stage: stage.form(**{"IP Block List": "tq_blocklist"}),
    ),
    at("the data set is for IPv6", DatasetTypeError, dataset("tq_six", "ipv6")),
    at("the data set is for numbers", DatasetTypeError, dataset("tq_number", "number")),
    Scenario(
        "writes stay unanswered",
        TargetUnreachableError,
        CODE,
        fault("never_answer", _BINDINGS + "$", method="PUT"),
        writes=True,
    ),
    Scenario(
        "writes are answered with a fault",
        TargetFaultError,
        CODE,
        fault("status", _BINDINGS + "$", method="PUT", params={"status": 400}),
        writes=True,
    ),
    Scenario(
        "the set is full",
        DatasetFullError,
        CODE,
        filled,
        writes=True,
    ),
    Scenario(
        "a network is refused, since somebody has just bound a part of it",
        EntriesRefusedError,
        CODE,
        overlapped,
        writes=True,
    ),
    Scenario(
        "apply: the plan is not the saved one any more",
        PlanChangedError,
        Exit.REFUSED,
        other_plan,
        ("apply", "--plan", "plan.json"),
    ),
    Scenario(
        "apply: people have stopped all writing",
        PausedError,
        Exit.REFUSED,
        stopped,
        ("apply", "--plan", "plan.json"),
    ),
    Scenario(
        "allow: a person has bound it, too",
        StillBlockedError,
        Exit.REFUSED,
        lambda _stage: None,
        ("allow", BY_HAND[0]["value"], "--reason", "partner, ticket 4711"),
        speaks=True,
    ),
    Scenario(
        "additions are over the limit",
        PlanHeldError,
        Exit.REFUSED,
        lambda stage: stage.collection([*THEN, *_WIDE]),
        writes=True,
    ),
    Scenario(
        "removals are over the limit",
        PlanHeldError,
        Exit.REFUSED,
        lambda stage: stage.collection(FIRST[11:]),
    ),
    Scenario(
        "somebody unbinds while the run writes",
        UnverifiedError,
        Exit.UNVERIFIED,
        edited([], _BINDINGS + "$", 0),
        writes=True,
    ),
)
