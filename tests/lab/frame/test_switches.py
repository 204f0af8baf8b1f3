"""The switches that the frame itself obeys, each seen to act; and switches as such."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from citrix_waf_lab import service
from citrix_waf_lab.dialects import Dialect, UnknownAnswerError
from citrix_waf_lab.lab import SWITCHES, Lab
from citrix_waf_lab.wire import Request

Command = Callable[..., Any]

VERSION = Request("GET", "/nitro/v1/config/nsversion")


def see_latency_ms(lab: Lab, command: Command) -> None:
    assert lab.threatq(Request("GET", "/api/x")).delivery.delay == 0
    command("PUT", "/dialect", {"latency_ms": 250})
    assert lab.threatq(Request("GET", "/api/x")).delivery.delay == 0.25
    assert lab.appliances["adc1"](VERSION).delivery.delay == 0.25


def see_reboot_seconds(lab: Lab, command: Command) -> None:
    command("PUT", "/dialect", {"reboot_seconds": 3})
    command("POST", "/appliances/adc1/reboot")
    assert lab.appliances["adc1"](VERSION).delivery.refuse
    command("PUT", "/clock", {"advance": 3})
    assert not lab.appliances["adc1"](VERSION).delivery.refuse
    command("PUT", "/dialect", {"reboot_seconds": 0})
    command("POST", "/appliances/adc1/reboot")
    assert not lab.appliances["adc1"](VERSION).delivery.refuse


def see_reboot_answers(lab: Lab, command: Command) -> None:
    command("PUT", "/dialect", {"reboot_seconds": 3, "reboot_answers": "503"})
    command("POST", "/appliances/adc1/reboot")
    answer = lab.appliances["adc1"](VERSION)
    assert (answer.status, answer.reason) == (503, "Service Unavailable")
    command("PUT", "/dialect", {"reboot_answers": "refused"})
    command("POST", "/appliances/adc1/reboot")
    assert lab.appliances["adc1"](VERSION).delivery.refuse


WITNESSES = {
    name.removeprefix("see_"): thing
    for name, thing in globals().items()
    if name.startswith("see_")
}


@pytest.mark.parametrize("name", [switch.name for switch in service.SWITCHES])
def test_each_switch_of_the_frame_acts(name: str, lab: Lab, command: Command) -> None:
    WITNESSES[name](lab, command)


def test_a_reset_brings_an_appliance_back_at_once(lab: Lab, command: Command) -> None:
    command("PUT", "/dialect", {"reboot_seconds": 3})
    command("POST", "/appliances/adc1/reboot")
    command("POST", "/reset")
    assert not lab.appliances["adc1"](VERSION).delivery.refuse


def test_no_two_parts_have_a_switch_of_one_name() -> None:
    names = [switch.name for part in SWITCHES.values() for switch in part]
    assert len(names) == len(set(names))


def test_each_default_is_an_answer_that_its_switch_accepts() -> None:
    wrong = [
        switch.name
        for part in SWITCHES.values()
        for switch in part
        if not switch.accepts(switch.default)
    ]
    assert wrong == []


def test_what_lasts_takes_no_time_in_process_and_some_over_sockets() -> None:
    standing, running = Lab(seed=1).dialect, Lab(seed=1, running=True).dialect
    names = ("save_seconds", "reboot_seconds")
    assert [standing[name] for name in names] == [0.0, 0.0]
    assert [running[name] for name in names] == [0.5, 1.0]


@pytest.mark.parametrize(
    ("value", "accepted"),
    [(0, True), (5.0, True), (5.1, False), (-1, False), (True, False), ("1", False)],
)
def test_a_number_is_accepted_within_its_bounds(
    value: object, *, accepted: bool
) -> None:
    (switch,) = [one for one in service.SWITCHES if one.name == "reboot_seconds"]
    assert switch.accepts(value) is accepted


def test_the_number_of_a_switch_that_has_words_is_no_number() -> None:
    dialect = Dialect(service.SWITCHES)
    with pytest.raises(TypeError, match="reboot_answers"):
        dialect.number("reboot_answers")


def test_an_unknown_switch_is_refused_with_those_that_exist() -> None:
    with pytest.raises(UnknownAnswerError, match="there are: latency_ms"):
        Dialect(service.SWITCHES).set({"latency": 1})


def test_two_labs_of_one_seed_have_the_same_credentials_and_tokens() -> None:
    def token(lab: Lab) -> bytes:
        login = lab.credentials.appliances["adc1"]
        body = {"login": {"username": login.username, "password": login.password}}
        kind = (("Content-Type", "application/json"),)
        path = "/nitro/v1/config/login"
        sent = json.dumps(body).encode()
        return lab.appliances["adc1"](Request("POST", path, "", kind, sent)).body

    first, second, third = Lab(seed=5), Lab(seed=5), Lab(seed=6)
    assert first.credentials == second.credentials != third.credentials
    assert token(first) == token(second) != token(third)


def test_without_a_seed_credentials_are_random() -> None:
    assert Lab().credentials != Lab().credentials
