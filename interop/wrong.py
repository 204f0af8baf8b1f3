"""A lab that is wrong in one way: goes into a copy of the lab, never into the lab.

``interop/witnesses.py`` puts this file beside ``service.py`` of the copy; the
environment variable MUTANT holds the mutation as JSON: which answers, and what is
wrong with them.
"""

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from citrix_waf_lab.wire import Answer, Request

_PLAIN = frozenset({"errorcode", "message", "severity"})
_OTHER = {200: 201, 201: 200, 400: 403, 401: 400, 403: 401, 404: 400, 409: 599}


def mutated(answering: Callable[[Any, Request], Answer]) -> Callable[..., Answer]:
    """Return a ``Service._answer`` that answers wrongly where MUTANT says so."""
    wish = json.loads(os.environ["MUTANT"])
    path = re.compile(wish["path"])

    def answer(service: Any, request: Request) -> Answer:  # noqa: ANN401  # a Service
        right = answering(service, request)
        hit = (
            service.kind == wish["service"]
            and request.method == wish["method"]
            and path.fullmatch(request.path) is not None
            and right.status == wish["status"]
            and _code(right.body) == wish.get("code")
        )
        return wrong(right, wish["kind"]) if hit else right

    return answer


def _code(body: bytes) -> object:
    found = _read(body)
    return found.get("errorcode") if isinstance(found, dict) else None


def wrong(right: Answer, kind: str) -> Answer:
    """Return an answer with a wrong status, reason, key or shape."""
    if kind == "status":
        return replace(right, status=_OTHER.get(right.status, 200), reason="Other")
    if kind == "reason":
        return replace(right, reason="As You Like It")
    return replace(right, body=_written(_read(right.body), kind, right.body))


def _read(body: bytes) -> Any:  # noqa: ANN401  # any JSON
    try:
        return json.loads(body)
    except ValueError:
        return None


def _written(found: Any, kind: str, body: bytes) -> bytes:  # noqa: ANN401  # any JSON
    if not body:
        return b'{ "done": true }' if kind == "shape" else body
    if not isinstance(found, dict) or not found:
        return body
    key = next((name for name in found if name not in _PLAIN), next(iter(found)))
    changed = {**found}
    value = changed.pop(key)
    if kind == "key":
        changed[f"{key}_"] = value
    else:
        changed[key] = _reshaped(value)
    return json.dumps(changed).encode()


def _reshaped(value: Any) -> Any:  # noqa: ANN401  # any JSON
    if isinstance(value, list):
        return value[0] if value else None
    if isinstance(value, dict):
        return [value]
    return [value]
