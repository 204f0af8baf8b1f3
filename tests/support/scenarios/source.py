"""What goes wrong at ThreatQ, or on the way there."""

import json
import ssl
from collections.abc import Callable

import trustme

from support.scenarios.stage import Scenario, Stage
from tq_conn_citrix_waf.errors import (
    CollectionNotFoundError,
    SourceCertificateError,
    SourceEmptyError,
    SourceEndlessError,
    SourceFaultError,
    SourceIncompleteError,
    SourceRefusedError,
    SourceSignInError,
    SourceUnreachableError,
)
from tq_conn_citrix_waf.exits import Exit

CODE = Exit.SOURCE
_PAGES = "/api/indicators/query"
MESSAGE = ["Too many requests!", "Fetch this list once in 30 minutes.", "203.0.114.9"]


def certificate() -> ssl.SSLContext:
    """Return a server's side with a certificate of an unknown authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority = trustme.CA(
        organization_name="Example", organization_unit_name="Example CA"
    )
    authority.issue_cert(
        "127.0.0.1", organization_name="Example", organization_unit_name="A server"
    ).configure_cert(context)
    return context


def untrusted(stage: Stage) -> None:
    """Let ThreatQ show a certificate of an unknown authority."""
    ways = stage.serve(certificate())
    stage.key("threatq", f'host = "127.0.0.1:{ways["threatq"].port}"')


def late_refusal(stage: Stage) -> None:
    """Let no token be good any more from the second page on."""
    stage.dialect(page_limit=4)
    more = {"status": 401, "body": '{"message": "Unauthenticated"}'}
    stage.fault("status", "threatq", path=_PAGES, after=1, params=more)


def turned(stage: Stage) -> None:
    """Let the second page of each walk lead back to the first."""
    stage.dialect(page_limit=4, page_default=4, hash_route="absent", offset_cap=1)
    row = {"id": 99, "value": "198.18.0.99", "type": "IP Address", "status": "Active"}
    page = {"total": 12, "data": [row], "nextCursorMark": "*"}
    more = {"status": 200, "body": json.dumps(page)}
    for after in (1, 3, 5, 9, 10):  # and in the walk without a limit
        stage.fault("status", "threatq", path=_PAGES, after=after, times=1, params=more)


def empty_never_block(stage: Stage) -> None:
    """Name a never-block collection that holds nothing."""
    stage.collection([], "Never block")
    stage.key("never_block", 'collections = ["Never block"]')


def fault(name: str, path: str = "", **more: object) -> Callable[[Stage], None]:
    """Return what puts a fault in force at ThreatQ."""
    return lambda stage: stage.fault(name, "threatq", path=path, **more)


def status(code: int, path: str = "", **params: object) -> Callable[[Stage], None]:
    """Return what lets ThreatQ answer with a status."""
    return fault("status", path, params={"status": code, **params})


def dialect(**switches: object) -> Callable[[Stage], None]:
    """Return what sets switches of the lab."""
    return lambda stage: stage.dialect(**switches)


def walk(when: str, **switches: object) -> Scenario:
    """Return a walk of pages that cannot be shown to be whole."""
    arrange = dialect(page_limit=4, page_default=4, **switches)
    return Scenario(when, SourceIncompleteError, CODE, arrange)


SCENARIOS = (
    Scenario(
        "nobody listens where ThreatQ should be",
        SourceUnreachableError,
        CODE,
        fault("refuse"),
    ),
    Scenario(
        "ThreatQ does not answer in time",
        SourceUnreachableError,
        CODE,
        fault("never_answer", _PAGES),
    ),
    Scenario(
        "the answer breaks off in the middle",
        SourceUnreachableError,
        CODE,
        fault("cut", _PAGES, params={"bytes": 40}),
    ),
    Scenario(
        "a page of ThreatQ does not end",
        SourceEndlessError,
        CODE,
        fault("endless", _PAGES),
    ),
    Scenario(
        "ThreatQ's certificate is unknown", SourceCertificateError, CODE, untrusted
    ),
    Scenario(
        "ThreatQ refuses the password",
        SourceSignInError,
        CODE,
        lambda stage: stage.key("threatq", 'password = "another password"'),
    ),
    Scenario(
        "401 in the middle of the walk, and again with a fresh token",
        SourceSignInError,
        CODE,
        late_refusal,
    ),
    Scenario(
        "the ThreatQ user has no right to read",
        SourceRefusedError,
        CODE,
        status(403, "/api/search"),
    ),
    Scenario(
        "the list of data collections comes as nothing",
        SourceRefusedError,
        CODE,
        status(200, "/api/search", body="{}"),
    ),
    Scenario(
        "ThreatQ redirects", SourceRefusedError, CODE, dialect(threatq_redirect="yes")
    ),
    Scenario(
        "HTML comes from ThreatQ instead of JSON",
        SourceFaultError,
        CODE,
        fault("html_page", "/api/search"),
    ),
    Scenario(
        "the JSON of ThreatQ is truncated",
        SourceFaultError,
        CODE,
        fault("truncate_json", "/api/search", params={"bytes": 60}),
    ),
    Scenario(
        "an answer of ThreatQ holds errors",
        SourceFaultError,
        CODE,
        dialect(errors_in_success="yes"),
    ),
    Scenario(
        "ThreatQ is under maintenance",
        SourceFaultError,
        CODE,
        dialect(maintenance="html"),
    ),
    Scenario(
        "ThreatQ says that it is asked too often",
        SourceFaultError,
        CODE,
        status(429, retry_after=1),
    ),
    Scenario(
        "ThreatQ has no statuses",
        SourceFaultError,
        CODE,
        status(200, "/api/indicator/statuses", body='{"total": 0, "data": []}'),
    ),
    Scenario(
        "the form comes in an unknown shape",
        SourceFaultError,
        CODE,
        status(200, "/api/connectors", body='{"data": "none"}'),
    ),
    Scenario(
        "no data collection has this name",
        CollectionNotFoundError,
        CODE,
        lambda stage: stage.form(**{"Data Collection": "Block at egde"}),
    ),
    Scenario(
        "the data collection is not shared",
        CollectionNotFoundError,
        CODE,
        dialect(collections_visible="none"),
    ),
    walk("a page is empty before the total", empty_page_after=4),
    walk("the cursor stands still", cursor_end="never changes", offset_cap=1),
    Scenario("the cursor turns back", SourceIncompleteError, CODE, turned),
    walk("the total promises more than comes", total_truth="one more"),
    Scenario(
        "the data collection is empty",
        SourceEmptyError,
        CODE,
        lambda stage: stage.collection([]),
    ),
    Scenario(
        "nothing in it can be blocked",
        SourceEmptyError,
        CODE,
        lambda stage: stage.collection(["10.0.0.1", "bad.example"]),
    ),
    Scenario(
        "a message stands in the place of the addresses",
        SourceFaultError,
        CODE,
        lambda stage: stage.collection(MESSAGE),
    ),
    Scenario(
        "a never-block collection is empty",
        SourceEmptyError,
        CODE,
        empty_never_block,
    ),
)
