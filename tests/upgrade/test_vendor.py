"""The vendor's file is found by what it holds, whatever it is called."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tq_conn_citrix_waf import vendor

USER = {
    "host": "threatq.example",
    "client_id": "0123abcd",
    "username": "user@example.org",
    "password": "a 100% secret",
    "status": "Review",
}
PAIR = {"host": "threatq.example", "client_id": "own", "client_secret": "hush hush"}

KINDS: dict[str, tuple[str, str, dict[str, str]]] = {
    "JSON by our names": ("tq.json", json.dumps(USER), USER),
    "JSON in a .conf": ("citrix_waf.conf", json.dumps(USER), USER),
    "JSON with a mark of its encoding": ("a.json", "\ufeff" + json.dumps(USER), USER),
    "names of ThreatQ's own": (
        "a.conf",
        (
            "[ThreatQ]\ntq_host = threatq.example\nTQ Client ID = 0123abcd\n"
            "TQ_Email = user@example.org\ntq-password = a 100% secret\n"
            "default_status=Review\n"
        ),
        USER,
    ),
    "names with dots": (
        "a.cfg",
        (
            "threatq_host: threatq.example\nauth.client_id: 0123abcd\n"
            "auth.username: user@example.org\nauth.password: a 100% secret\n"
            "status: Review\n"
        ),
        USER,
    ),
    "sections of an INI file": (
        "tq_conn_citrix_waf.INI",
        (
            "[DEFAULT]\nstatus = Review\n[connection]\nURL = threatq.example\n"
            "[auth]\nclientId = 0123abcd\nemail = user@example.org\n"
            "password = a 100% secret\n[proxy]\nhost = proxy.example\nuser = p\n"
        ),
        USER,
    ),
    "nested JSON": (
        "a.json",
        json.dumps(
            {
                "threatq": {
                    "host": USER["host"],
                    "auth": {
                        "clientId": USER["client_id"],
                        "email": USER["username"],
                        "password": USER["password"],
                    },
                },
                "citrix": {"host": "adc1.example", "username": "nsroot"},
                "status": "Review",
                "last_run": 1700000000,
            }
        ),
        USER,
    ),
    "a client of its own beside the user": (
        "a.json",
        json.dumps(USER | {"private_oauth": ["own", "hush hush"]}),
        PAIR | {"status": "Review"},
    ),
    "a client of its own in a section": (
        "a.json",
        json.dumps(
            {
                "host": PAIR["host"],
                "private": {"client_id": "own", "client_secret": "hush hush"},
            }
        ),
        PAIR,
    ),
    "a client of its own, flat": (
        "a.conf",
        "host=threatq.example\nprivate_client_id=own\nprivate_client_secret=hush hush",
        PAIR,
    ),
    "a secret beside the client id": ("a.json", json.dumps(PAIR), PAIR),
    "a part": (
        "a.json",
        '{"host": "threatq.example", "client_id": "x", "password": ""}',
        {"host": "threatq.example", "client_id": "x"},
    ),
    "a thing said in two ways is not said": (
        "a.json",
        '{"host": "h", "client_id": "x", "username": "a", "email": "b"}',
        {"host": "h", "client_id": "x"},
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_taken_for_the_vendors_by_what_it_holds(
    tmp_path: Path, kind: str
) -> None:
    name, text, values = KINDS[kind]
    (tmp_path / name).write_text(text, "utf-8")
    found = vendor.find(tmp_path)
    assert found.taken is not None
    assert found.taken.path == tmp_path / name
    assert found.taken.values == values
    assert (found.disagreeing, found.damaged) == ((), ())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '{"host": "threatq.example"}'),
        ("a.json", '{"client_id": "x", "password": "y"}'),
        ("a.json", '["host", "client_id"]'),
        ("a.json", '"host"'),
        ("a.json", "17"),
        ("a.conf", "[proxy]\nhost = a\nclient_id = b\n"),
        ("a.conf", ""),
        ("a.toml", 'host = "threatq.example"\nclient_id = "x"\n'),
        ("a.json.bak", json.dumps(USER)),
    ],
)
def test_a_file_without_a_host_and_a_client_id_is_none(
    tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    assert vendor.find(tmp_path) == vendor.Found()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'{"host": "threatq.example", "client_', "damaged JSON"),
        (b'{"a":' * 100_000, "damaged JSON"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"just some words\n", "neither JSON nor INI"),
        (b"a = 1\na = 2\n", "neither JSON nor INI"),
        (b" " * 1_000_001, "it is larger than 1,000,000 bytes"),
    ],
)
def test_a_damaged_file_is_named_and_nothing_of_it_is_quoted(
    tmp_path: Path, content: bytes, why: str
) -> None:
    path = tmp_path / "a.conf"
    path.write_bytes(content)
    assert vendor.find(tmp_path) == vendor.Found(damaged=((path, why),))


def test_files_that_disagree_are_listed_and_none_is_taken(tmp_path: Path) -> None:
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    one.write_text(json.dumps(USER))
    two.write_text(json.dumps(USER | {"password": "another"}))
    assert vendor.find(tmp_path) == vendor.Found(disagreeing=(one, two))


def test_of_files_that_agree_the_fullest_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"host": "threatq.example", "id": 1}')
    (tmp_path / "b.json").write_text(
        '{"host": "threatq.example", "client_id": "0123abcd"}'
    )
    (tmp_path / "c.json").write_text(json.dumps(USER))
    found = vendor.find(tmp_path)
    assert found.taken is not None
    assert found.taken.path.name == "c.json"


def test_beside_other_connectors_the_file_named_after_citrix_counts(
    tmp_path: Path,
) -> None:
    (tmp_path / "tq_conn_other.conf").write_text(json.dumps(USER))
    mine = tmp_path / "TQ-Conn-Citrix-WAF.conf"
    mine.write_text(json.dumps(USER | {"client_id": "ffff"}))
    found = vendor.find(tmp_path)
    assert found.taken is not None
    assert found.taken.path == mine


def test_what_is_no_file_is_passed_by(tmp_path: Path) -> None:
    (tmp_path / "a.json").mkdir()
    (tmp_path / "b.json").symlink_to(tmp_path / "nowhere")
    assert vendor.find(tmp_path) == vendor.Found()


def test_no_secret_shows_when_a_find_is_printed(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(USER))
    assert USER["password"] not in repr(vendor.find(tmp_path))


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["host", "client_id", "private", "oauth", "id", "", "."])
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(_json)
def test_any_json_is_read_without_a_fault(tree: object) -> None:
    values = vendor._values(tree)
    assert all(len(value) > 0 for value in values.values())


@given(st.text(max_size=60) | st.just("[a]\nb\n"))
def test_any_text_is_read_or_named(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    directory = tmp_path_factory.getbasetemp() / "any"
    directory.mkdir(exist_ok=True)
    (directory / "a.ini").write_bytes(text.encode("utf-8", "surrogatepass"))
    found = vendor.find(directory)
    assert found.disagreeing == ()
