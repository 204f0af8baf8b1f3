"""The configuration file: all that is wrong is said, what was written reads back."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tq_conn_citrix_waf import config, keys
from tq_conn_citrix_waf.core.selection import Selection
from tq_conn_citrix_waf.errors import ConfigurationError, NotConfiguredError
from tq_conn_citrix_waf.settings import selections

WHOLE: dict[str, dict[str, object]] = {
    "": {"instance": "0a1b2c3d"},
    "threatq": {
        "host": "threatq.example",
        "client_id": "id",
        "username": "user@example.org",
        "password": "a secret",
        "status": "Review",
    },
}


def written(directory: Path, text: str) -> Path:
    (directory / config.FILE_NAME).write_text(text, "utf-8")
    return directory


def test_a_directory_without_a_file_is_not_configured(tmp_path: Path) -> None:
    with pytest.raises(NotConfiguredError, match="there is no"):
        config.load(tmp_path)


def test_what_was_rendered_reads_back(tmp_path: Path) -> None:
    file = config.load(written(tmp_path, config.render(WHOLE)))
    assert file.instance == "0a1b2c3d"
    assert file.get("threatq", "host") == "threatq.example"
    assert file.secret("threatq") == "a secret"
    assert file.connector == "Citrix WAF Connector"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_survives_being_written(text: str) -> None:
    values = {**WHOLE, "threatq": {**WHOLE["threatq"], "password": text}}
    assert tomllib.loads(config.render(values))["threatq"]["password"] == text


def test_every_key_stands_in_a_new_file_commented_or_set() -> None:
    text = config.render(WHOLE)
    missing = [k.place for k in keys.KEYS if f"{k.name} = " not in text]
    assert missing == []


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = (
        'instance = "XYZ"\n[threatq]\nhost = 3\nhots = "x"\n[netscaler]\nhttps = "y"\n'
    )
    with pytest.raises(ConfigurationError) as caught:
        config.load(written(tmp_path, text))
    for words in (
        "instance must be 8 hexadecimal digits",
        "[threatq] host must be a text",
        "[threatq] hots is no key",
        "[netscaler] https must be true or false",
        "[threatq] client_id is missing",
        "[threatq] password is missing",
    ):
        assert words in caught.value.what


@pytest.mark.parametrize("cut", range(0, 400, 23))
def test_a_file_cut_anywhere_is_an_error_and_never_half_a_configuration(
    tmp_path: Path, cut: int
) -> None:
    whole = config.render(WHOLE)
    text = whole[:cut]
    with pytest.raises(ConfigurationError):
        config.load(written(tmp_path, text))


def test_a_file_that_is_no_text_is_damaged(tmp_path: Path) -> None:
    (tmp_path / config.FILE_NAME).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match="damaged"):
        config.load(tmp_path)


def test_a_password_may_lie_in_a_file_or_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text("from a file\n")
    monkeypatch.setenv("TQ_SECRET", "from outside")
    for text, expected in (
        (f"file:{tmp_path}/secret", "from a file"),
        ("env:TQ_SECRET", "from outside"),
    ):
        values = {**WHOLE, "threatq": {**WHOLE["threatq"], "password": text}}
        file = config.load(written(tmp_path, config.render(values)))
        assert file.secret("threatq") == expected


@pytest.mark.parametrize("text", ["file:/nowhere/at/all", "env:TQ_NOT_SET"])
def test_a_password_that_is_not_there_is_a_configuration_error(
    tmp_path: Path, text: str
) -> None:
    values = {**WHOLE, "threatq": {**WHOLE["threatq"], "password": text}}
    file = config.load(written(tmp_path, config.render(values)))
    with pytest.raises(ConfigurationError):
        file.secret("threatq")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("minimum_score = 11", "minimum_score must be 10 at most"),
        ("minimum_score = true", "minimum_score must be a number"),
        ("minimum_score = -1", "minimum_score must not be negative"),
        ("maximum_age = 1.5", "maximum_age must be a whole number"),
        ("time_limit = -1", "time_limit must not be negative"),
        (
            'time_limit = 1\nlast_date = "seen_at"',
            "last_date must be one of updated_at, created_at, published_at, touched_at",
        ),
        ('last_date = "touched_at"', "last_date says nothing without time_limit"),
        ('age_date = "touched_at"', "age_date says nothing without maximum_age"),
        ("limit = 3", "limit is no key"),
        ('statuses = "Active"', "statuses must be a list of names"),
    ],
)
def test_a_wrong_value_of_the_selection_is_said_with_its_place(
    tmp_path: Path, line: str, words: str
) -> None:
    whole = config.render(WHOLE)
    own = f'{whole}\n[collection."Block \\"at\\" edge"]\n{line}\n'
    everywhere = whole.replace("[selection]\n", f"[selection]\n{line}\n")
    for text, place in (
        (everywhere, "[selection] "),
        (own, '[collection."Block \\"at\\" edge"] '),
    ):
        with pytest.raises(ConfigurationError) as caught:
            config.load(written(tmp_path, text))
        expected = words if "says nothing" in words else place + words
        assert expected in caught.value.what


@pytest.mark.parametrize("line", ['save = "own"', "statuses.a = 1", "x = 1"])
def test_a_collection_takes_no_keys_of_other_sections(
    tmp_path: Path, line: str
) -> None:
    text = f'{config.render(WHOLE)}\n[collection."Edge"]\n{line}\n'
    with pytest.raises(ConfigurationError, match=r'\[collection."Edge"\] '):
        config.load(written(tmp_path, text))


def test_a_key_in_the_place_of_a_collections_name_is_refused(tmp_path: Path) -> None:
    text = f"{config.render(WHOLE)}\n[collection]\nminimum_score = 3\n"
    with pytest.raises(ConfigurationError, match=r"\[collection\] minimum_score is no"):
        config.load(written(tmp_path, text))


def test_a_date_may_be_named_for_all_and_counted_from_in_one_collection(
    tmp_path: Path,
) -> None:
    text = config.render(WHOLE).replace(
        "[selection]\n", '[selection]\nlast_date = "touched_at"\n'
    )
    text += '\n[collection."Edge"]\ntime_limit = 30\n'
    chosen = selections(config.load(written(tmp_path, text)))
    assert chosen.of("Edge") == Selection(time_limit=30, last_date="touched_at")
    assert chosen.of("Other").dates.names == ()


def test_what_is_commented_in_a_new_file_is_right_once_it_is_set(
    tmp_path: Path,
) -> None:
    lines = config.render(WHOLE).splitlines()
    start, end = lines.index("[selection]"), lines.index("[limits]")
    free = [line.removeprefix("# ") for line in lines[start + 1 : end]]
    free = [line for line in free if line.startswith("[") or " = " in line]
    free = [line for line in free if not line.startswith("statuses")]
    text = "\n".join([*lines[: start + 1], *free, *lines[end:]])
    chosen = selections(config.load(written(tmp_path, text)))
    assert chosen.general.minimum_score == 4
    assert chosen.own == {"Block at edge": replace(chosen.general, minimum_score=8)}


@pytest.mark.parametrize("section", ["allow", "collections"])
def test_a_protection_that_no_run_obeys_is_refused_and_not_taken_silently(
    tmp_path: Path, section: str
) -> None:
    text = config.render(WHOLE) + f'\n[{section}]\nfiles = ["/etc/ours.txt"]\n'
    with pytest.raises(ConfigurationError, match=rf"\[{section}\] files is no key"):
        config.load(written(tmp_path, text))
