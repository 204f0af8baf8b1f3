"""Quirks: one row for each behaviour of an emulator that a client can see.

No behaviour without a source or the word "inferred"; docs/lab.md prints the rows.
"""

from dataclasses import dataclass

from citrix_waf_lab.dialects import Mark


@dataclass(frozen=True, slots=True)
class Quirk:
    """One behaviour, how sure it is, and where it can be seen.

    Attributes:
        id: short name in kebab-case, unique within its emulator.
        says: the behaviour, in one sentence.
        mark: how sure the source is.
        source: key of the source, e.g. ``telegraf#11478``.
        exchange: name of the exchange that shows it; None if none can (a time-out,
            a delivery).
    """

    id: str
    says: str
    mark: Mark
    source: str
    exchange: str | None = None


FRAME: tuple[Quirk, ...] = (
    Quirk(
        "keep-alive",
        "A connection carries many requests; Connection: close, HTTP/1.0, or an answer "
        "that cannot be delimited ends it.",
        "documented",
        "RFC 9112, 9.3",
    ),
    Quirk(
        "date",
        "Every answer has a Date, by the lab's clock.",
        "documented",
        "RFC 9110, 6.6.1",
    ),
    Quirk(
        "head-without-body",
        "An answer to HEAD has the length of the body and no body.",
        "documented",
        "RFC 9110, 9.3.2",
    ),
    Quirk(
        "chunks",
        "A request body may come in chunks, and a client that expects to continue is "
        "told to.",
        "documented",
        "RFC 9112, 7.1; RFC 9110, 10.1.1",
    ),
    Quirk(
        "no-request",
        "What is no HTTP request gets 400, a head over 64 KiB 431, a body over 256 MiB "
        "413, in plain text, and the connection ends. Neither is listed.",
        "inferred",
        "RFC 9110 for the statuses; the limits are the lab's own",
    ),
    Quirk(
        "one-protocol",
        "TLS is whatever the machine's OpenSSL offers by default; there is no HTTP/2.",
        "inferred",
        "no source",
    ),
    Quirk(
        "reboot-ends-connections",
        "A restart ends the appliance's open connections.",
        "inferred",
        "CPX reports of resets on restart",
    ),
    Quirk(
        "away-while-booting",
        "An appliance that boots refuses connections or answers 503 without a body.",
        "client code",
        "TF PR #1400; chiradeep/netscaler-aws-automation",
    ),
)
"""What a client sees of both systems that neither emulator decides."""
