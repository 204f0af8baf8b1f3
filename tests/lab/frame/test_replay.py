"""Exchange files: the format, what counts as a difference, and replay as a command."""

import json
from pathlib import Path
from typing import Any

import pytest

from citrix_waf_lab.cli import main
from citrix_waf_lab.exchanges import NoExchangeError, parse
from citrix_waf_lab.placeholders import Bindings, UnboundError
from citrix_waf_lab.replay import Wire, replay

WIRES: list[Wire] = ["process", "socket", "tls"]
EXCHANGES = Path(__file__).parents[3] / "lab" / "exchanges"
LOGIN = {"login": {"username": "<<adc1.username>>", "password": "<<adc1.password>>"}}
JSON = {"Content-Type": "application/json"}
SIGN_IN: dict[str, Any] = {
    "name": "sign-in",
    "service": "adc1",
    "request": {
        "method": "POST",
        "target": "/nitro/v1/config/login",
        "headers": JSON,
        "json": LOGIN,
    },
    "expect": {
        "status": "201 Created",
        "headers": {"Content-Type": "<<_:application/json.*>>"},
        "body": (
            '{ "errorcode": 0, "message": "Done", "severity": "NONE", '
            '"sessionid": "<<session:##[0-9A-Fa-f]+>>" }'
        ),
    },
}


def differences(*lines: dict[str, Any], wire: Wire = "process") -> list[str]:
    book = parse(json.dumps(line) for line in ({"format": 1}, *lines))
    return [str(difference) for difference in replay(book, wire=wire)]


def clock(name: str = "clock", **expect: object) -> dict[str, Any]:
    return {
        "name": name,
        "service": "control",
        "request": {"method": "GET", "target": "/clock"},
        "expect": {"status": "200 OK", **expect},
    }


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize(
    "file", sorted(EXCHANGES.rglob("*.jsonl")), ids=lambda file: file.stem
)
def test_each_exchange_file_replays_without_difference(file: Path, wire: Wire) -> None:
    book = parse(file.read_text(encoding="utf-8").splitlines())
    assert [str(one) for one in replay(book, wire=wire)] == []


@pytest.mark.parametrize("wire", WIRES)
def test_what_an_answer_binds_is_used_by_the_next_request(wire: Wire) -> None:
    version = {
        "name": "version",
        "service": "adc1",
        "request": {
            "method": "GET",
            "target": "/nitro/v1/config/nsversion",
            "headers": {"Cookie": "NITRO_AUTH_TOKEN=<<session|quote>>"},
        },
        "expect": {"status": "200 OK"},
    }
    assert differences(SIGN_IN, version, wire=wire) == []


def test_a_changed_byte_is_shown_with_its_place() -> None:
    changed = json.loads(json.dumps(SIGN_IN).replace('\\"Done\\"', '\\"Dane\\"'))
    (difference,) = differences(changed)
    assert difference.startswith("sign-in: body byte 31: expected ")
    assert "got 'one\"" in difference


def test_a_wrong_status_is_shown_with_its_place() -> None:
    assert differences(clock(status="201 Created")) == [
        "clock: status byte 2: expected '201 Created', got '0 OK'"
    ]


def test_headers_are_compared_by_name_number_and_order() -> None:
    wanted: dict[str, object] = {
        "content-type": "application/json",
        "Content-Length": "35",
        "X-Absent": None,
        "Content-Encoding": "gzip",
    }
    assert differences(clock(headers=wanted)) == [
        "clock: header Content-Encoding: expected ['gzip'], got []"
    ]
    cookies = json.loads(json.dumps(SIGN_IN))
    cookies["expect"]["headers"] = {
        "Set-Cookie": [
            "SESSID=deleted<<_:.*>>",
            "<<_:.*>>=<<session|quote>>; path=<<_:.*>>",
        ]
    }
    assert differences(cookies) == []
    cookies["expect"]["headers"]["Set-Cookie"].reverse()
    assert len(differences(cookies)) == 2


def test_a_header_may_bind_what_the_body_repeats() -> None:
    twice = json.loads(json.dumps(SIGN_IN))
    twice["expect"]["headers"] = {"Content-Length": "<<size:\\d+>>"}
    twice["expect"]["json"] = {"...": 1, "sessionid": "<<_:.*>>"}
    del twice["expect"]["body"]
    assert differences(twice) == []
    bodies = clock("later", json={"now": "<<start>>"})
    assert differences(clock(json={"now": "<<start:.+>>"}), bodies) == []
    assert differences(bodies) == [
        "later: expect: expected bound names, got <<start>> is not bound"
    ]


def dialect(**switches: object) -> dict[str, Any]:
    return {
        "name": "dialect",
        "service": "control",
        "request": {"method": "GET", "target": "/dialect"},
        "expect": {"status": "200 OK", "json": {"...": 1, **switches}},
    }


def test_json_is_compared_member_by_member() -> None:
    told = {"...": 1, "value": 0}
    assert differences(dialect(latency_ms=told)) == []
    assert differences(dialect(latency_ms=told | {"value": "0"})) == [
        'dialect: $.latency_ms.value: expected "0", got 0'
    ]
    assert differences(dialect(latency_ms=told | {"value": "<<_:\\d>>"})) == []
    assert differences(dialect(latency_ms=told | {"value": "<<_:[1-9]>>"})) == [
        "dialect: $.latency_ms.value: expected '<<_:[1-9]>>', got 0"
    ]
    assert differences(dialect(nothing=1)) == [
        "dialect: $.nothing: expected 1, got no such member"
    ]
    answers = {"...": 1, "choices": ["refused", "503"]}
    assert differences(dialect(reboot_answers=answers)) == []
    answers["choices"] = ["refused", "..."]
    assert differences(dialect(reboot_answers=answers)) == []
    answers["choices"] = ["refused"]
    assert differences(dialect(reboot_answers=answers)) == [
        "dialect: $.reboot_answers.choices: expected 1 elements, got 2"
    ]


def test_a_member_that_is_not_expected_is_a_difference() -> None:
    assert differences(clock(json={})) == [
        'clock: $.now: expected no such member, got "2026-01-05T08:00:00+00:00"'
    ]


def test_a_body_in_base64_is_compared_byte_by_byte() -> None:
    assert differences(clock(base64="eyJub3ci")) == [
        "clock: body byte 6: expected '', got ':\"2026-01-05T08:00:00+00:00\"}'"
    ]


def test_a_body_that_should_be_json_and_is_not_is_a_difference() -> None:
    page = {"name": "html_page", "params": {"text": "x" * 99}}
    broken = clock(json={}) | {"service": "adc1"}
    broken["control"] = [["POST", "/faults", page]]
    assert differences(broken) == [
        "clock: body: expected JSON, got b'<html><head><title>" + "x" * 41 + "'"
    ]


def test_control_calls_and_the_clock_come_before_the_request() -> None:
    set_up = clock(json={"now": "2026-07-01T00:00:05+00:00"})
    set_up["at"] = "2026-07-01T00:00:00+00:00"
    set_up["control"] = [["PUT", "/clock", {"advance": 5}]]
    assert differences(set_up) == []
    fresh = clock("fresh", json={"now": "2026-01-05T08:00:00+00:00"}) | {"fresh": True}
    assert differences(set_up, fresh) == []


def test_a_set_up_that_fails_is_a_difference() -> None:
    broken = clock() | {"control": [["GET", "/nothing"]]}
    (difference,) = differences(broken)
    assert difference.startswith("clock: set-up: expected success, got GET /nothing")
    book = parse([json.dumps({"format": 1, "control": [["GET", "/nothing"]]})])
    (whole,) = replay(book)
    assert whole.place == "control"
    assert differences(clock() | {"service": "adc9"}) == [
        "clock: service: expected one of the lab, got adc9"
    ]


@pytest.mark.parametrize("wire", WIRES)
def test_a_connection_without_an_answer_can_be_expected(wire: Wire) -> None:
    silent = {
        "name": "silent",
        "service": "threatq",
        "control": [["POST", "/faults", {"name": "lose_answer", "times": 1}]],
        "request": {"method": "GET", "target": "/api/x"},
        "expect": {"status": "no answer"},
    }
    assert differences(silent, clock(), wire=wire) == []


def test_a_number_that_was_read_can_be_sent_as_a_number() -> None:
    bound = Bindings(id="7", name="a b/c")
    assert bound.fill_json({"id": "<<id|json>>", "at": ["<<name|quote>>"]}) == {
        "id": 7,
        "at": ["a%20b%2Fc"],
    }
    with pytest.raises(UnboundError, match="other"):
        bound.fill("<<other>>")


def test_a_name_has_one_text_only() -> None:
    bound = Bindings()
    assert bound.match("<<a:\\d+>>-<<a>>-<<a:\\d+>>", "12-12-12") is None
    assert bound == {"a": "12"}
    assert bound.match("<<a:\\d+>>", "13") == 1
    assert Bindings().match("<<a:\\d+>>-<<a>>", "12-13") == 3


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "line 1: the head is missing"),
        (["{"], "line 1: "),
        (['{"format": 2}'], "line 1: format 2 is not known"),
        (['{"format": 1, "sed": 1}'], "line 1: unknown ['sed']"),
        (['{"format": 1}', "[]"], "line 2: [] is no object"),
        (['{"format": 1}', '{"name": "a"}'], "line 2: ['expect', 'request'"),
        (['{"format": 1}', "", json.dumps(clock(bdy=""))], "line 3: unknown ['bdy']"),
        (['{"format": 1}', json.dumps(clock(body="", json={}))], "more than one body"),
        (['{"format": 1}', *[json.dumps(clock())] * 2], "line 3: clock stands twice"),
    ],
)
def test_a_line_that_is_no_exchange_is_refused_with_its_number(
    lines: list[str], words: str
) -> None:
    with pytest.raises(NoExchangeError) as refused:
        parse(lines)
    assert words in str(refused.value)


def test_the_command_ends_with_1_on_a_difference_and_2_without_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_text('{"format": 1}\n' + json.dumps(clock()) + "\n")
    bad.write_text('{"format": 1}\n' + json.dumps(clock(status="404 Not Found")))
    assert main(["replay", str(good), "--socket"]) == 0
    assert capsys.readouterr().out == f"{good}: 1 exchanges, 0 differences\n"
    assert main(["replay", str(good), str(bad), "--seed", "9"]) == 1
    assert f"{bad}: clock: status byte 0" in capsys.readouterr().out
    assert main(["replay", str(tmp_path / "none.jsonl")]) == 2
