"""An explanation as JSON; its keys are documented in docs/explain.md."""

from typing import Any

from tq_conn_citrix_waf import secrets
from tq_conn_citrix_waf.core.causes import Cause
from tq_conn_citrix_waf.core.explain import Explanation
from tq_conn_citrix_waf.core.facts import Claim, View
from tq_conn_citrix_waf.core.seen import Entry


def as_json(told: Explanation) -> dict[str, Any]:
    """Return all of it; the keys are documented in docs/explain.md."""
    facts, seen = told.facts, told.seen
    return {
        "asked": str(facts.asked),
        "addresses": facts.whole.addresses(),
        "blocked": told.blocked,
        "blocked_addresses": None if seen is None else seen.blocked.addresses(),
        "wanted": told.wanted,
        "wanted_addresses": (
            None if facts.wanted is None else facts.wanted.addresses()
        ),
        "threatq": _view(facts.threatq),
        "netscaler": _view(facts.netscaler),
        "appliance": facts.appliance,
        "data_set": facts.set_name,
        "entries": [] if seen is None else [_entry(e) for e in seen.entries],
        "collections": [
            {
                "name": voice.collection,
                "entries": None if voice.wanted is None else len(voice.wanted),
                "live": not voice.trouble,
                "at": None if voice.at is None else voice.at.isoformat(),
            }
            for voice in facts.voices
        ],
        "indicators": [_claim(c) for c in (*facts.claims, *facts.elsewhere)],
        "never_block": list(facts.rules),
        "causes": [_cause(cause) for cause in told.causes],
        "notes": list(facts.notes),
    }


def _view(view: View) -> dict[str, Any]:
    at = None if view.at is None else view.at.isoformat()
    return {"live": view.live, "at": at, "trouble": secrets.one_line(view.trouble)}


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "range": str(entry.binding.range),
        "value": entry.binding.value,
        "endrange": entry.binding.endrange,
        "whose": entry.whose,
        "instance": entry.instance,
        "bound": None if entry.day is None else entry.day.isoformat(),
        "comment": entry.binding.comment,
    }


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "collection": claim.collection,
        "id": claim.id,
        "value": claim.value,
        "status": claim.status,
        "score": claim.score,
        "since": None if claim.since is None else claim.since.isoformat(),
        "reason": claim.reason,
        "left": claim.left,
        "live": claim.live,
    }


def _cause(cause: Cause) -> dict[str, Any]:
    part = [] if cause.part is None else [str(one) for one in cause.part]
    words, cure = secrets.one_line(cause.words), secrets.one_line(cause.cure)
    return {
        "kind": cause.kind,
        "words": words,
        "cure": cure,
        "command": cause.command,
        "concerns": part,
    }
