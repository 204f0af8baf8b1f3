"""The keys of the configuration file: each with its section, kind and purpose."""

from dataclasses import dataclass

from tq_conn_citrix_waf.core.selection import AS_GIVEN, DATES, TOP_SCORE


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the file: its section, name, kind and what it is for.

    Attributes:
        unless: names the key of the section beside which a required one is not.
        choices: the only words it takes; of a text, the first holds if it is not set.
        least, most: the lowest and the highest number it takes.
        example: as it stands in a new file, behind a comment sign.
        own: whether ``[collection."NAME"]`` may hold it, too.
    """

    section: str
    name: str
    kind: type
    about: str
    required: bool = False
    unless: str = ""
    choices: tuple[str, ...] = ()
    least: float = 0
    most: float | None = None
    example: str = ""
    own: bool = False

    @property
    def place(self) -> str:
        """Return where it stands, as a person writes it."""
        return f"[{self.section}] {self.name}" if self.section else self.name


def _dates(first: str) -> tuple[str, ...]:
    return (first, *(date for date in DATES if date != first))


SELECTION: tuple[Key, ...] = (
    Key(
        "selection",
        "statuses",
        list,
        "only these; not set: all but the two below",
        own=True,
    ),
    Key(
        "selection",
        "expired",
        bool,
        "true: Expired too (Whitelisted never is)",
        own=True,
    ),
    Key(
        "selection",
        "minimum_score",
        float,
        "only this score and higher; 0: any",
        most=TOP_SCORE,
        example="4",
        own=True,
    ),
    Key(
        "selection",
        "maximum_age",
        int,
        "days since age_date; 0: any",
        example="365",
        own=True,
    ),
    Key(
        "selection",
        "age_date",
        str,
        "one of the dates below",
        choices=_dates(AS_GIVEN.age_date),
        example=f'"{AS_GIVEN.age_date}"',
        own=True,
    ),
    Key(
        "selection",
        "time_limit",
        int,
        "days since last_date: then no longer blocked; 0: none",
        example="90",
        own=True,
    ),
    Key(
        "selection",
        "last_date",
        str,
        f"or {', '.join(_dates(AS_GIVEN.last_date)[1:])}",
        choices=_dates(AS_GIVEN.last_date),
        example=f'"{AS_GIVEN.last_date}"',
        own=True,
    ),
    Key(
        "selection",
        "minimum_stay",
        int,
        "days that an entry stays bound at least; 0: none",
        example="2",
    ),
)

EVENTS = ("refused", "stale", "filling", "failed")
"""What people can be told of after a run."""
_YEAR = 365 * 24
"""Hours; whoever waits longer would not be told at all."""

MESSAGES: tuple[Key, ...] = (
    Key("messages", "webhook", str, "https:// URL; the text, file:PATH or env:NAME"),
    Key("messages", "webhook_header", str, "NAME: VALUE, to be sent too; as webhook"),
    Key("messages", "mail_to", list, "addresses that mail goes to"),
    Key("messages", "mail_from", str, "address that it comes from"),
    Key("messages", "mail_server", str, "host or host:port"),
    Key(
        "messages",
        "mail_tls",
        str,
        "or tls, or none (then without a password)",
        choices=("starttls", "tls", "none"),
        example='"starttls"',
    ),
    Key("messages", "mail_user", str, "not set: no sign-in"),
    Key("messages", "mail_password", str, "the text, file:PATH or env:NAME"),
    Key("messages", "ca_file", str, "certificates to trust instead of the system's"),
    Key("messages", "proxy", str, "of the webhook; not set: HTTPS_PROXY; empty: none"),
    Key(
        "messages",
        "events",
        list,
        "which are told; not set: all four",
        choices=EVENTS,
        example=str([*EVENTS]).replace("'", '"'),
    ),
    Key(
        "messages",
        "stale_after",
        float,
        "hours without a run in step",
        least=0.1,
        most=_YEAR,
        example="3",
    ),
    Key(
        "messages", "fill_above", float, "share of a set's limit", most=1, example="0.8"
    ),
    Key(
        "messages",
        "repeat_after",
        float,
        "hours until what stays is told again",
        least=1,
        most=_YEAR,
        example="24",
    ),
)

LOG: tuple[Key, ...] = (
    Key(
        "log",
        "format",
        str,
        "or json: one object a line",
        choices=("text", "json"),
        example='"text"',
    ),
    Key(
        "log",
        "target",
        str,
        "where -ll says, or syslog",
        choices=("location", "syslog"),
        example='"location"',
    ),
    Key(
        "log",
        "syslog",
        str,
        "or udp://host:514 or tcp://host:514",
        example='"/dev/log"',
    ),
)

KEYS: tuple[Key, ...] = (
    Key("", "instance", str, "marks what this connector binds; keep it", required=True),
    Key("", "metrics", str, "a file for node_exporter, named *.prom"),
    Key(
        "threatq",
        "host",
        str,
        "host, host:port or URL; without a scheme HTTPS",
        required=True,
    ),
    Key(
        "threatq",
        "client_id",
        str,
        "from the user's API details in ThreatQ",
        required=True,
    ),
    Key(
        "threatq",
        "username",
        str,
        "e-mail address of the user",
        required=True,
        unless="client_secret",
    ),
    Key(
        "threatq",
        "password",
        str,
        "the text, file:PATH or env:NAME",
        required=True,
        unless="client_secret",
    ),
    Key(
        "threatq",
        "client_secret",
        str,
        "of a client of its own, instead of user and password; as password",
    ),
    Key("threatq", "status", str, "status of objects made by this integration"),
    Key("threatq", "connector", str, "name of the entry in ThreatQ"),
    Key("threatq", "ca_file", str, "certificates to trust instead of the system's"),
    Key("threatq", "verify", bool, "false: its certificate is not verified"),
    Key("threatq", "proxy", str, "http://host:port; not set: HTTPS_PROXY; empty: none"),
    Key("threatq", "form", bool, "false: no form is read, all stands in this file"),
    Key("netscaler", "enabled", bool, "the switch of the form"),
    Key("netscaler", "host", str, "API IP/Hostname"),
    Key("netscaler", "username", str, "Username"),
    Key("netscaler", "password", str, "Password: the text, file:PATH or env:NAME"),
    Key("netscaler", "data_collections", list, "Data Collection: a list of names"),
    Key("netscaler", "block_list", str, "IP Block List: a data set of type ipv4"),
    Key(
        "netscaler", "ipv6_block_list", str, "a data set of type ipv6; not set: no IPv6"
    ),
    Key("netscaler", "allow_set", str, "a data set of what is never blocked"),
    Key("netscaler", "https", bool, "Use HTTPS"),
    Key("netscaler", "ca_file", str, "certificates to trust instead of the system's"),
    Key("netscaler", "verify", bool, "false: its certificate is not verified"),
    Key("netscaler", "proxy", str, "http://host:port; not set: none"),
    Key(
        "netscaler",
        "ownership",
        str,
        "owned, exclusive (the set is ours) or add-only",
        choices=("owned", "exclusive", "add-only"),
    ),
    Key(
        "netscaler",
        "save",
        str,
        "always, own (not while others' wait) or never",
        choices=("always", "own", "never"),
    ),
    Key("netscaler", "report_only", bool, "true: every run only shows its plan"),
    Key("netscaler", "set_limit", int, "most values in the set; not set: learnt"),
    *SELECTION,
    Key("limits", "remove_count", int, "removals in one run: this many,"),
    Key("limits", "remove_share", float, "or this share of the list, if more", most=1),
    Key("limits", "add_count", int, "additions in one run: this many,"),
    Key("limits", "add_share", float, "or this share of the list, if more", most=1),
    Key("limits", "widest_ipv4", int, "a block of a shorter prefix needs consent"),
    Key("limits", "widest_ipv6", int, "a block of a shorter prefix needs consent"),
    Key("limits", "approvals", int, "persons who must approve", least=1, most=9),
    Key("never_block", "files", list, "files of networks that are never blocked"),
    Key("never_block", "show_files", list, "files of networks only counted and shown"),
    Key("never_block", "collections", list, "data collections that are never blocked"),
    Key("never_block", "data_sets", list, "NetScaler data sets that are never blocked"),
    Key("never_block", "may_block", list, "built-in networks that may be blocked here"),
    Key("never_block", "management", list, "networks that people administer from"),
    Key("never_block", "probes", list, "networks that health probes come from"),
    Key("never_block", "misp", list, "MISP warning lists that are never blocked"),
    Key("never_block", "misp_show", list, "MISP warning lists only counted and shown"),
    Key("never_block", "share", float, "a collection with more hits is held", most=1),
    Key("never_block", "widest_ipv4", int, "a shorter prefix is a slip", most=32),
    Key("never_block", "widest_ipv6", int, "a shorter prefix is a slip", most=128),
    *MESSAGES,
    *LOG,
)

NETWORKS = ("may_block", "management", "probes")
"""The keys of [never_block] that hold addresses, CIDR blocks or ranges a-b."""
