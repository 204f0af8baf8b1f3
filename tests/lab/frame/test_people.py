"""What a person does in the two user interfaces, from the command line."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from citrix_waf_lab.asking import ask, connect
from citrix_waf_lab.cli import main
from citrix_waf_lab.lab import Lab
from citrix_waf_lab.serving import Serving, last_card, write_card
from citrix_waf_lab.wire import Request

Person = Callable[..., tuple[int, str]]


@pytest.fixture
def card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with Serving(Lab(seed=4, appliances=2, running=True)) as serving:
        write_card(last_card(), serving.card())
        yield serving.card()


@pytest.fixture
def person(card: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> Person:
    assert card

    def types(*words: str) -> tuple[int, str]:
        code = main(list(words))
        told = capsys.readouterr()
        return code, told.out + told.err

    return types


def shown(person: Person) -> Any:  # noqa: ANN401 -- JSON
    code, text = person("show")
    assert code == 0
    return json.loads(text)


def test_a_person_edits_a_data_set_without_curl(person: Person) -> None:
    bind = ("bind", "--appliance", "adc2", "--comment", "by hand", "bl")
    assert person(*bind, "192.0.2.1", "192.0.2.8-192.0.2.9") == (0, "")
    assert person("bind", "--appliance", "adc2", "bl", "192.0.2.2") == (0, "")
    assert person("unbind", "--appliance", "adc2", "bl", "192.0.2.1") == (0, "")
    held = shown(person)["appliances"]["adc2"]["datasets"]["bl"]["bindings"]
    told = [(one["value"], one.get("endrange"), one.get("comment")) for one in held]
    assert told == [("192.0.2.8", "192.0.2.9", "by hand"), ("192.0.2.2", None, None)]
    assert person("reboot", "--appliance", "adc2") == (0, "")
    assert shown(person)["appliances"]["adc2"]["datasets"] == {}


def test_one_set_is_shown_as_a_list(person: Person) -> None:
    assert person("bind", "--comment", "by hand", "bl", "192.0.2.8-192.0.2.9")[0] == 0
    assert person("bind", "bl", "192.0.2.1")[0] == 0
    code, text = person("show", "bl")
    assert code == 0
    assert [line.split() for line in text.splitlines()] == [
        ["192.0.2.8-192.0.2.9", "by", "hand"],
        ["192.0.2.1"],
    ]
    code, text = person("show", "other")
    assert (code, "there are: 'bl'" in text) == (2, True)


def test_only_what_is_there_can_be_unbound(person: Person) -> None:
    code, text = person("unbind", "bl", "192.0.2.1")
    assert (code, "no data set 'bl' on adc1" in text) == (2, True)


def test_a_person_fills_a_collection_without_curl(person: Person) -> None:
    name = "Block at edge"
    assert person("collection", name, "198.51.100.7", "198.51.100.8") == (0, "")
    assert person("add", name, "198.51.100.9") == (0, "")
    assert person("remove", name, "198.51.100.8") == (0, "")
    code, text = person("add", "Another", "198.51.100.9")
    assert (code, "Another" in text) == (2, True)


def register(card: dict[str, Any], name: str) -> None:
    """Register a connector in ThreatQ, with the six fields of its guide."""
    one = card["threatq"]
    query = f"grant_type=password&client_id={one['client_id']}"
    user = json.dumps({"email": one["username"], "password": one["password"]}).encode()
    kind = ("Content-Type", "application/json")
    link = connect(one["url"])
    token = ask(link, Request("POST", "/api/token", query, (kind,), user))
    bearer = ("Authorization", f"Bearer {json.loads(token.body)['access_token']}")
    kinds = {
        "API IP/Hostname": "text",
        "Username": "text",
        "Password": "password",
        "Data Collection": "text",
        "IP Block List": "text",
        "Use HTTPS": "checkbox",
    }
    fields = [
        {"key": label.lower(), "label": label, "type": field}
        for label, field in kinds.items()
    ]
    new = {"name": name, "category": "Labs", "custom_fields": fields}
    sent = json.dumps(new).encode()
    made = ask(link, Request("POST", "/api/connectors", "", (bearer, kind), sent))
    link.close()
    assert made.status == "201 Created", made.body


def test_a_person_fills_in_the_form_of_the_only_connector(
    card: dict[str, Any], person: Person, tmp_path: Path
) -> None:
    code, text = person("form", "--collection", "Block at edge")
    assert (code, "there are: none" in text) == (2, True)
    register(card, "Citrix WAF Connector")
    file = tmp_path / "lab.json"
    file.write_text(json.dumps(card))
    filled = person(
        *("form", "--lab", str(file), "--appliance", "adc2"),
        *("--collection", "Block at edge", "--block-list", "bl"),
        *("--no-https", "--enabled"),
    )
    assert filled == (0, "")
    (one,) = shown(person)["connectors"]
    box = card["appliances"][1]
    assert one["form"]["API IP/Hostname"] == box["url"].removeprefix("http://")
    assert one["form"]["Username"] == box["username"]
    assert one["form"]["Password"] == box["password"]
    assert one["form"]["Data Collection"] == "Block at edge"
    assert one["form"]["IP Block List"] == "bl"
    assert one["is_active"]


def test_a_person_says_which_connector_where_there_are_two(
    card: dict[str, Any], person: Person
) -> None:
    register(card, "One")
    register(card, "Two")
    code, text = person("form", "--block-list", "bl")
    assert (code, "there are: 'One', 'Two'" in text) == (2, True)
    assert person("form", "--connector", "Two", "--block-list", "bl") == (0, "")
    first, second = shown(person)["connectors"]
    assert first["form"]["IP Block List"] != "bl"
    assert second["form"]["IP Block List"] == "bl"


def test_a_person_is_told_when_no_lab_runs(
    card: dict[str, Any], person: Person, tmp_path: Path
) -> None:
    code, text = person("show", "--lab", str(tmp_path / "none.json"))
    assert (code, "citrix-waf-lab up" in text) == (2, True)
    stale = tmp_path / "stale.json"
    stale.write_text(json.dumps(card | {"control": "http://127.0.0.1:1"}))
    code, text = person("show", "--lab", str(stale))
    assert (code, "does not answer" in text) == (2, True)


def test_what_does_not_exist_is_refused_with_what_does(person: Person) -> None:
    code, text = person("bind", "--appliance", "adc7", "bl", "192.0.2.1")
    assert (code, "there are: adc1, adc2" in text) == (2, True)
    code, text = person("up", "--scenario", "nowhere")
    assert (code, "no scenario 'nowhere'; there are: " in text) == (2, True)
    with pytest.raises(SystemExit):
        person("up", "--appliances", "0")
