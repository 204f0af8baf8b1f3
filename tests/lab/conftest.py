"""What all tests of the lab share: a seeded lab in process, and its control."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from citrix_waf_lab.lab import Lab
from citrix_waf_lab.wire import Request


@pytest.fixture
def lab() -> Lab:
    return Lab(seed=7)


@pytest.fixture
def command(lab: Lab) -> Callable[..., Any]:
    """Make a control call that must succeed: method, path (with query), body."""

    def call(method: str, target: str, body: object = None) -> Any:  # noqa: ANN401 -- JSON
        path, _, query = target.partition("?")
        sent = b"" if body is None else json.dumps(body).encode()
        answer = lab.control(Request(method, path, query, (), sent))
        assert answer.status == 200, answer.body.decode()
        return json.loads(answer.body)

    return call
