"""The entry in ThreatQ and its form: against the lab's dialects, and by hand."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from threatq.stub import STATUSES, Site, Stub, answer, session
from tq_conn_citrix_waf.errors import (
    ConfigurationError,
    SourceError,
    SourceFaultError,
    SourceRefusedError,
)
from tq_conn_citrix_waf.http import Answer
from tq_conn_citrix_waf.threatq import form
from tq_conn_citrix_waf.threatq.connector import (
    NotRegistered,
    Registered,
    read_form,
    register,
)
from tq_conn_citrix_waf.threatq.form import LABELS, Form
from tq_conn_citrix_waf.threatq.statuses import status_id

NAME = "Citrix WAF Connector"
LIST = "GET /api/connectors"
MAKE = "POST /api/connectors"
FILLED: dict[str, str | bool] = {
    "API IP/Hostname": "adc.example",
    "Username": "tq_sync",
    "Password": "  pass word ",
    "Data Collection": "Edge, Other",
    "IP Block List": "tq_block_list",
    "Use HTTPS": True,
}
KEYS = (
    "api_ip_hostname",
    "username",
    "password",
    "data_collection",
    "ip_block_list",
    "use_https",
)


@pytest.fixture
def stub() -> Stub:
    made = Stub()
    made.routes[LIST] = lambda _: answer({"data": []})
    return made


def entry(id_: int = 7, **other: object) -> dict[str, object]:
    fields = [{"label": k, "key": "k", "value": v} for k, v in FILLED.items()]
    made = {"id": id_, "name": NAME, "is_active": True, "custom_fields": fields}
    return made | other


def listed(stub: Stub, *entries: object) -> None:
    stub.routes[LIST] = lambda _: answer({"data": entries})


def filled(stub: Stub, **other: object) -> Form:
    listed(stub, entry() | other)
    return read_form(session(stub), NAME)


def test_registering_makes_an_entry_with_the_guide_s_six_fields(stub: Stub) -> None:
    stub.routes[MAKE] = lambda _: answer({"data": {"id": 9}}, 201)
    assert register(session(stub), NAME, "Active") == Registered("9", made=True)
    body = msgspec.json.decode(stub.sent[-1].body or b"")
    assert {k: body[k] for k in ("name", "category", "indicator_status_id")} == {
        "name": NAME,
        "category": "Labs",
        "indicator_status_id": 1,
    }
    fields = body["custom_fields"]
    assert [f["label"] for f in fields] == list(FILLED) == list(LABELS)
    assert tuple(f["key"] for f in fields) == KEYS
    kinds = ["text", "text", "password", "text", "text", "checkbox"]
    assert [f["type"] for f in fields] == kinds
    assert [f["value"] for f in fields] == ["", "", "", "", "", True]


def test_an_entry_that_is_there_is_used_and_not_doubled(stub: Stub) -> None:
    listed(stub, entry(5), entry(6, name="Another"))
    assert register(session(stub), NAME, "Active") == Registered("5", made=False)
    assert MAKE not in stub.paths()


@pytest.mark.parametrize(
    "fields",
    [
        [{"key": key, "value": ""} for key in KEYS],
        dict.fromkeys(KEYS, ""),
        dict.fromkeys(LABELS),
        [{"label": label, "value": None} for label in LABELS if label != "Password"],
        [{"label": label, "value": 1} for label in (*LABELS, "Something more")],
        [],
        None,
    ],
)
def test_an_entry_is_known_by_labels_or_keys_as_far_as_they_are_shown(
    stub: Stub, fields: object
) -> None:
    row = entry(5, custom_fields=fields)
    listed(stub, row)
    stub.routes["GET /api/connectors/5"] = lambda _: answer({"data": row})
    assert register(session(stub), NAME, "Active") == Registered("5", made=False)


def test_several_entries_are_listed_and_none_is_made(stub: Stub) -> None:
    listed(stub, entry(5), entry(8))
    with pytest.raises(ConfigurationError, match="ids 5, 8"):
        register(session(stub), NAME, "Active")
    with pytest.raises(ConfigurationError, match="ids 5, 8"):
        read_form(session(stub), NAME)
    assert MAKE not in stub.paths()


def test_an_entry_with_other_fields_is_neither_used_nor_doubled(stub: Stub) -> None:
    listed(stub, entry(5, custom_fields=[{"label": "API Key"}, {"label": "Username"}]))
    with pytest.raises(ConfigurationError, match=r"id 5.*api_key") as caught:
        register(session(stub), NAME, "Active")
    assert "--name" in caught.value.cure
    assert MAKE not in stub.paths()


def test_among_entries_of_one_name_the_one_with_our_fields_is_meant(
    stub: Stub,
) -> None:
    listed(stub, entry(5, custom_fields={"API Key": ""}), entry(6))
    assert register(session(stub), NAME, "Active") == Registered("6", made=False)


@pytest.mark.parametrize("status", [403, 404, 405, 422])
@pytest.mark.parametrize("route", [LIST, MAKE])
def test_a_refusal_says_with_which_answer(stub: Stub, status: int, route: str) -> None:
    stub.routes[route] = lambda _: answer({"errors": ["Not for you"]}, status)
    got = register(session(stub), NAME, "Active")
    assert got == NotRegistered(status, "Not for you")


@pytest.mark.parametrize("status", [403, 404, 405, 422])
def test_the_lab_refuses_a_registration(status: int) -> None:
    site = Site()
    site.dialect(connector_create_status=status)
    got = register(site.session, NAME, "Review")
    assert isinstance(got, NotRegistered)
    assert got.status == status
    assert site.control("GET", "/threatq/connectors") == []


def test_a_registration_whose_answer_is_lost_is_not_repeated() -> None:
    site = Site()
    site.fault("lose_answer", "/api/connectors", after=1, times=1)
    with pytest.raises(SourceError):
        register(site.session, NAME, "Review")
    assert site.asked().count(MAKE) == 1
    assert register(site.session, NAME, "Review") == Registered("37", made=False)


@pytest.mark.parametrize(
    "made", [{"id": 9}, [{"id": 9}], {"id": "9"}, {"id": 9, "name": NAME}]
)
def test_the_new_id_is_read_from_an_object_or_a_list_of_one(
    stub: Stub, made: object
) -> None:
    stub.routes[MAKE] = lambda _: answer({"data": made})
    assert register(session(stub), NAME, "Active") == Registered("9", made=True)


@pytest.mark.parametrize("made", [{}, [], [1, 2], None, {"id": None}, {"id": [1]}])
def test_a_registration_without_an_id_is_a_fault(stub: Stub, made: object) -> None:
    stub.routes[MAKE] = lambda _: answer({"data": made}, 201)
    with pytest.raises(SourceFaultError, match="no id"):
        register(session(stub), NAME, "Active")


@pytest.mark.parametrize("body", [b'{"data": "\\ud800"}', {"data": "x"}])
def test_a_list_of_entries_that_is_none_is_a_fault(stub: Stub, body: object) -> None:
    stub.routes[LIST] = lambda _: answer(body)
    with pytest.raises(SourceFaultError):
        read_form(session(stub), NAME)


def test_an_entry_without_an_id_is_a_fault(stub: Stub) -> None:
    listed(stub, {"name": NAME, "custom_fields": []})
    with pytest.raises(SourceFaultError, match="without an id"):
        read_form(session(stub), NAME)


def test_no_right_to_see_entries_is_told(stub: Stub) -> None:
    stub.routes[LIST] = lambda _: answer({})
    with pytest.raises(SourceRefusedError, match="no right"):
        register(session(stub), NAME, "Active")


@pytest.mark.parametrize("data", [[], {}])
def test_a_form_that_is_gone_is_a_matter_of_configuration(
    stub: Stub, data: object
) -> None:
    stub.routes[LIST] = lambda _: answer({"data": data})
    with pytest.raises(ConfigurationError, match=NAME):
        read_form(session(stub), NAME)


SHAPES: list[object] = [
    [{"key": "k1", "label": k, "type": "text", "value": v} for k, v in FILLED.items()],
    [{"key": k, "value": v} for k, v in zip(KEYS, FILLED.values(), strict=True)],
    [{"name": k, "value": v} for k, v in zip(KEYS, FILLED.values(), strict=True)],
    FILLED,
    dict(zip(KEYS, FILLED.values(), strict=True)),
    {k: {"value": v} for k, v in FILLED.items()},
    {str(n): {"label": k, "value": v} for n, (k, v) in enumerate(FILLED.items())},
]


@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_form_is_read_in_each_shape(
    stub: Stub, shape: object, *, as_text: bool
) -> None:
    sent = msgspec.json.encode(shape).decode() if as_text else shape
    expected = Form(enabled=True, fields=dict(FILLED))
    assert filled(stub, custom_fields=sent) == expected


def test_a_form_that_the_list_leaves_out_is_asked_for_by_id(stub: Stub) -> None:
    listed(stub, {"id": 7, "name": NAME})
    stub.routes["GET /api/connectors/7"] = lambda _: answer({"data": entry()})
    assert read_form(session(stub), NAME).fields == FILLED


def test_a_form_that_is_shown_nowhere_has_no_fields(stub: Stub) -> None:
    bare = {"id": 7, "name": NAME, "custom_fields": "{", "is_active": "Y"}
    listed(stub, bare)
    assert read_form(session(stub), NAME) == Form(
        enabled=True, fields={}, masked=("Password",)
    )


ON = [True, 1, "1", "true", "True", "TRUE", "Y", "y", "yes", "on", " on "]
OFF = [False, 0, "0", "", "false", "False", "N", "n", "no", "off", None, "null"]


@pytest.mark.parametrize(
    ("said", "meant"), [(s, True) for s in ON] + [(s, False) for s in OFF]
)
def test_switch_and_checkbox_are_read_in_each_form(
    stub: Stub, said: object, *, meant: bool
) -> None:
    fields = FILLED | {"Use HTTPS": said}
    got = filled(stub, is_active=said, custom_fields=fields)
    assert (got.enabled, got.fields["Use HTTPS"]) == (meant, meant)


@pytest.mark.parametrize("said", ["perhaps", 2, -1, [], {}, "2024-01-01"])
def test_a_switch_that_says_neither_is_not_guessed(stub: Stub, said: object) -> None:
    with pytest.raises(SourceFaultError, match="neither on nor off"):
        filled(stub, is_active=said)


def test_an_entry_without_a_switch_is_off(stub: Stub) -> None:
    listed(stub, {k: v for k, v in entry().items() if k != "is_active"})
    assert not read_form(session(stub), NAME).enabled


@pytest.mark.parametrize("mask", ["********", "\u2022\u2022\u2022", "\u25cf" * 8, None])
def test_a_masked_password_is_absent(stub: Stub, mask: object) -> None:
    got = filled(stub, custom_fields=FILLED | {"Password": mask})
    assert "Password" not in got.fields
    assert got.masked == ("Password",)


@pytest.mark.parametrize("kept", ["", "*a*", "s3cret", " \u2022"])
def test_a_password_that_is_no_mask_is_taken_as_it_is(stub: Stub, kept: str) -> None:
    got = filled(stub, custom_fields=FILLED | {"Password": kept})
    assert (got.fields["Password"], got.masked) == (kept, ())


def test_a_form_does_not_show_its_values(stub: Stub) -> None:
    assert "pass word" not in repr(filled(stub))


@pytest.mark.parametrize(
    ("given_value", "text"), [(None, ""), (" adc \n", "adc"), (7, "7")]
)
def test_a_text_field_is_text(stub: Stub, given_value: object, text: str) -> None:
    got = filled(stub, custom_fields=FILLED | {"API IP/Hostname": given_value})
    assert got.fields["API IP/Hostname"] == text


@pytest.mark.parametrize("odd", [["Edge"], True, 1.5])
def test_a_text_field_that_is_no_text_is_a_fault(stub: Stub, odd: object) -> None:
    with pytest.raises(SourceFaultError, match="Data Collection"):
        filled(stub, custom_fields=FILLED | {"Data Collection": odd})


LAB_FORMS = [
    {"custom_fields_shape": shape, "unset_fields": unset}
    for shape in ("list", "by key", "by label", "text")
    for unset in ("null", "empty", "absent")
] + [
    {"is_active_form": f}
    for f in ("1/0", '"1"/"0"', '"1"/""', '"True"/"False"', '"Y"/"N"', "true/null")
]


@pytest.mark.parametrize("dialect", LAB_FORMS)
def test_the_lab_s_form_reads_back_before_and_after_a_person(
    dialect: dict[str, str],
) -> None:
    site = Site()
    site.dialect(**dialect)
    made = register(site.session, NAME, "Review")
    assert isinstance(made, Registered)
    assert register(site.session, NAME, "Review") == Registered(made.id, made=False)
    before = read_form(site.session, NAME)
    assert not before.enabled
    assert not {label: v for label, v in before.fields.items() if v not in ("", True)}
    path = f"/threatq/connectors/{NAME}/form".replace(" ", "%20")
    site.control("PUT", path, FILLED | {"enabled": True})
    assert read_form(site.session, NAME) == Form(enabled=True, fields=dict(FILLED))


@pytest.mark.parametrize("ticked", [True, False])
@pytest.mark.parametrize(
    "written", ["1/0", '"1"/"0"', '"on"/""', '"true"/"false"', '"Y"/"N"']
)
def test_the_lab_s_checkbox_reads_back(written: str, *, ticked: bool) -> None:
    site = Site()
    site.dialect(checkbox_form=written)
    register(site.session, NAME, "Review")
    path = f"/threatq/connectors/{NAME}/form".replace(" ", "%20")
    site.control("PUT", path, {"Use HTTPS": ticked})
    assert read_form(site.session, NAME).fields["Use HTTPS"] is ticked


@pytest.mark.parametrize("hidden", ["masked", "absent"])
@pytest.mark.parametrize("shape", ["list", "by key", "by label", "text"])
def test_a_password_that_the_lab_hides_is_absent(hidden: str, shape: str) -> None:
    site = Site()
    site.dialect(secret_fields=hidden, custom_fields_shape=shape)
    register(site.session, NAME, "Review")
    path = f"/threatq/connectors/{NAME}/form".replace(" ", "%20")
    site.control("PUT", path, FILLED)
    got = read_form(site.session, NAME)
    assert got.masked == ("Password",)
    assert got.fields == {k: v for k, v in FILLED.items() if k != "Password"}


def test_a_status_is_found_by_its_name(stub: Stub) -> None:
    assert status_id(session(stub), "Expired") == 2
    assert status_id(session(stub), "expired") == 2


def test_the_exact_name_of_a_status_wins(stub: Stub) -> None:
    both = [*STATUSES, {"id": 8, "name": "active"}]
    stub.routes["GET /api/indicator/statuses"] = lambda _: answer({"data": both})
    assert status_id(session(stub), "active") == 8
    with pytest.raises(ConfigurationError):
        status_id(session(stub), "ACTIVE")


def test_an_unknown_status_is_told_with_the_known_ones(stub: Stub) -> None:
    with pytest.raises(ConfigurationError, match="'Activ'") as caught:
        register(session(stub), NAME, "Activ")
    assert "Active, Expired, Whitelisted" in caught.value.cure
    assert MAKE not in stub.paths()


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(LABELS),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from([*LABELS, *KEYS, "label", "value"]), inner)
    ),
    max_leaves=8,
)


@given(json, json)
def test_whatever_a_form_holds_it_is_read_or_named(
    fields: object, switch: object
) -> None:
    stub = Stub()

    def given_out(_: object) -> Answer:
        return answer({"data": [entry(custom_fields=fields, is_active=switch)]})

    stub.routes[LIST] = given_out
    stub.routes["GET /api/connectors/7"] = lambda _: answer({"data": entry()})
    try:
        got = read_form(session(stub), NAME)
    except (SourceFaultError, ConfigurationError):
        return
    assert got.fields.keys() <= set(form.LABELS)
    assert {type(v) for k, v in got.fields.items() if k != "Use HTTPS"} <= {str}
