"""What is wrong with settings: the file, the form, the answers, the command line."""

from collections.abc import Callable

import msgspec

from citrix_waf_lab import wire
from support.outside import CONNECTOR
from support.scenarios.stage import FIRST, Scenario, Stage
from support.transport import LabClock
from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.errors import (
    CollectionAmbiguousError,
    ConfigurationError,
    NotConfiguredError,
    StatusUnknownError,
)
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.log import FILE_NAME
from tq_conn_citrix_waf.run.site import Outside

CODE = Exit.CONFIGURATION
LABELS = (
    "API IP/Hostname",
    "Username",
    "Password",
    "Data Collection",
    "IP Block List",
    "Use HTTPS",
)


def nothing(_stage: Stage) -> None:
    """Leave all as it is."""


def half(stage: Stage) -> None:
    """Leave the first half of the configuration file, inside a quoted text."""
    text = stage.file.read_text("utf-8")
    whole = text.index("username = ") + len('username = "x')
    stage.file.write_text(text[:whole], "utf-8")


def no_end(name: str) -> Callable[[Stage], None]:
    """Return what puts a link to a device without an end in the place of a file."""

    def arrange(stage: Stage) -> None:
        (stage.directory / name).unlink(missing_ok=True)
        (stage.directory / name).symlink_to("/dev/zero")
        stage.patch.chdir(stage.directory)

    return arrange


def wrong_keys(stage: Stage) -> None:
    """Put an unknown key, a wrong kind and a missing one into the file."""
    stage.key("netscaler", 'colour = "blue"')
    stage.key("netscaler", 'https = "yes"')
    stage.key("threatq", 'client_id = ""')


def astray(stage: Stage) -> None:
    """Choose for a data collection whose name has a slip in it."""
    text = stage.file.read_text("utf-8")
    table = '[collection."Blok at edge"]\nminimum_score = 8\n'
    stage.file.write_text(f"{text}\n{table}", "utf-8")


def unreal(stage: Stage) -> None:
    """Reach the world by the connector's own transport."""
    stage.world = Outside(LabClock(stage.lab.clock), hosts=stage.hosts)


def bad_ca(stage: Stage) -> None:
    """Name a CA file that is none."""
    (stage.directory / "ca.pem").write_text("no certificate\n", "utf-8")
    stage.key("threatq", f'ca_file = "{stage.directory / "ca.pem"}"')
    unreal(stage)


def never_block(text: str) -> Callable[[Stage], None]:
    """Return what names a never-block file with this text; '' for none at all."""

    def arrange(stage: Stage) -> None:
        if text:
            (stage.directory / "never.txt").write_text(text, "utf-8")
        stage.key("never_block", 'files = ["never.txt"]')

    return arrange


def lost_list(stage: Stage) -> None:
    """Run with a never-block file, and lose it."""
    never_block("192.0.2.1\n")(stage)
    assert stage.tell().code == 0
    stage.collection(FIRST)
    (stage.directory / "never.txt").unlink()
    (stage.logs / FILE_NAME).unlink()


def bad_proxy(stage: Stage) -> None:
    """Name a proxy that is none."""
    stage.key("threatq", 'proxy = "proxy one"')
    unreal(stage)


def bad_pins(stage: Stage) -> None:
    """Cut the file of trusted certificates in the middle of a line."""
    path = stage.directory / "tq-conn-citrix-waf.trust"
    path.write_text("adc1.lab:443 00112233\n", "utf-8")


def integration(stage: Stage, name: str, labels: tuple[str, ...]) -> None:
    """Make an integration in ThreatQ, as another program does."""
    known = stage.lab.credentials
    who = {
        "grant_type": "password",
        "client_id": known.client_id,
        "email": known.user.username,
        "password": known.user.password,
    }
    json = (("Content-Type", "application/json"),)
    given = stage.lab.threatq(
        wire.Request("POST", "/api/token", "", json, msgspec.json.encode(who))
    )
    token = msgspec.json.decode(given.body)["access_token"]
    body = {
        "name": name,
        "category": "Labs",
        "custom_fields": [
            {"key": label.lower(), "label": label, "type": "text", "value": "x"}
            for label in labels
        ],
        "indicator_status_id": 1,
    }
    heads = (*json, ("Authorization", f"Bearer {token}"))
    made = stage.lab.threatq(
        wire.Request("POST", "/api/connectors", "", heads, msgspec.json.encode(body))
    )
    assert made.status < 300, made.body


def twice(stage: Stage) -> None:
    """Let ThreatQ have two entries of the connector's name."""
    stage.dialect(connector_names="free", unknown_field="ignored", status_ids="stock")
    integration(stage, CONNECTOR, LABELS)


def another(stage: Stage) -> None:
    """Let the entry of the name be of another integration."""
    stage.dialect(status_ids="stock")
    integration(stage, "Other Connector", ("Feed URL", "API Key"))
    stage.key("threatq", 'connector = "Other Connector"')


def answers(error: type[ConfigurationError], **other: str) -> Scenario:
    """Return the first run with an answer that is another."""
    (name,) = other

    def arrange(stage: Stage) -> None:
        stage.answer(stage.patch, **other)

    when = f"first run: the piped {name} is wrong"
    return Scenario(when, error, CODE, arrange, fresh=True)


def of_form(when: str, **fields: object) -> Scenario:
    """Return a run with fields of the form that are others."""
    labels = {name.replace("_", " "): value for name, value in fields.items()}
    labels = {_LABEL.get(name, name): value for name, value in labels.items()}
    return Scenario(when, ConfigurationError, CODE, lambda s: s.form(**labels))


_LABEL = {"host": "API IP/Hostname"}


def of_file(when: str, section: str, line: str) -> Scenario:
    """Return a run with a key of the file that is another."""
    return Scenario(
        when, ConfigurationError, CODE, lambda stage: stage.key(section, line)
    )


def simple(when: str, arrange: object, *words: str) -> Scenario:
    """Return a run that ends with a ``ConfigurationError``."""
    return Scenario(when, ConfigurationError, CODE, arrange, words)  # type: ignore[arg-type]  # one of the functions above


SCENARIOS = (
    Scenario(
        "first run: nobody answers", ConfigurationError, CODE, nothing, fresh=True
    ),
    answers(ConfigurationError, host="not a host"),
    answers(StatusUnknownError, status="Nonsense"),
    Scenario(
        "a command finds no configuration",
        NotConfiguredError,
        CODE,
        nothing,
        ("trust",),
        fresh=True,
    ),
    simple("the configuration file is cut in half", half),
    simple("the configuration file leads to a device", no_end(config.FILE_NAME)),
    simple(
        "apply: the plan leads to a device",
        no_end("plan.json"),
        "apply",
        "--plan",
        "plan.json",
    ),
    simple("keys of the file are unknown, of a wrong kind, or missing", wrong_keys),
    of_file("ThreatQ's host in the file is none", "threatq", 'host = "tq example"'),
    of_file(
        "the file of a secret is not there", "threatq", 'password = "file:/nowhere"'
    ),
    of_file(
        "the variable of a secret is not set", "threatq", 'password = "env:TQ_NOWHERE"'
    ),
    simple("the CA file holds no certificate", bad_ca),
    simple("the proxy is none", bad_proxy),
    simple("a line of the trusted certificates is cut", bad_pins),
    of_file("the integration is not in ThreatQ", "threatq", 'connector = "Other"'),
    simple("ThreatQ has two integrations of this name", twice),
    simple("the integration of this name is another one", another),
    of_form("fields of the form are empty", Username="", IP_Block_List=""),
    simple(
        "ThreatQ does not tell the form's password",
        lambda stage: stage.dialect(secret_fields="masked"),
    ),
    simple("a table of the file is of no data collection in use", astray),
    of_form("scheme and checkbox disagree", host="https://adc1.lab"),
    of_form("the form's host is none", host="adc1 lab"),
    of_form("a quote in Data Collection is open", Data_Collection='"Block, edge'),
    Scenario(
        "two data collections have one name",
        CollectionAmbiguousError,
        CODE,
        lambda stage: stage.dialect(collections_doubled="yes"),
    ),
    simple("approve: nothing of this id is held", nothing, "approve", "0a1b2c3d"),
    simple("a never-block list is not there", never_block("")),
    simple("a line of a never-block list is none", never_block("192.0.2.1/2\n")),
    simple("a never-block entry is too wide", never_block("128.0.0.0/1\n")),
    simple(
        "a MISP list is named, and the package is not installed",
        lambda stage: stage.key("never_block", 'misp = ["public-dns-v4"]'),
    ),
    Scenario(
        "a never-block list is lost, and its copy stands in",
        ConfigurationError,
        CODE,
        lost_list,
        writes=True,
    ),
)
