"""Every behaviour of the appliance that a client can see.

Each has a source or the word inferred; where a sentence holds both, it says which part
is inferred.
"""

from citrix_waf_lab.netscaler.quirks_access import ACCESS
from citrix_waf_lab.netscaler.quirks_bindings import BINDINGS
from citrix_waf_lab.netscaler.quirks_form import FORM
from citrix_waf_lab.netscaler.quirks_sets import SETS
from citrix_waf_lab.netscaler.quirks_system import BULK, SYSTEM
from citrix_waf_lab.quirks import Quirk

_UNSHOWN = (
    Quirk(
        "one-request-at-a-time",
        "Requests to one appliance are worked off one after another.",
        "inferred",
        "NREF: the interface is synchronous",
    ),
    Quirk(
        "save-takes-its-time",
        "The answer to a save comes when the save is done.",
        "inferred",
        "NREF: the interface is synchronous",
    ),
    Quirk(
        "restart-ends-sessions",
        "A restart ends all sessions.",
        "inferred",
        "no source",
    ),
)

QUIRKS: tuple[Quirk, ...] = (
    *ACCESS,
    *FORM,
    *SETS,
    *BINDINGS,
    *BULK,
    *SYSTEM,
    *_UNSHOWN,
)

NOT_EMULATED: tuple[tuple[str, str], ...] = (
    ("systemsession?action=kill", "NREF usecases; the fault lose_session kills all"),
    ("loginchallengeresponse, EULA, forced password change", "errors 1034, 1045, 1046"),
    ("macroapi", "NREF usecases; CTX219929"),
    ("batchapi", "NSIC clean-up script"),
    ("policypatset, policypatsetfile, policyurlset", "CUR; 2854, 2871, 2909"),
    ("policyexpression and what uses a set", "CUR; 315, 1070 and 2853 on a delete"),
    ("nsacl, nssimpleacl, policyhttpcallout, bot and WAF lists", "CUR"),
    ("nspartition, cluster addresses", "NREF; 1044, 1065, 1180, 1203"),
    ("systemuser, systemcmdpolicy, systemparameter", "CUR; switches stand for them"),
    ("nslicense, nsip6, nsip but for reading it", "NREF"),
    ("propagation and synchronisation in a pair", "349, 457, 458"),
    ("_nextgenapiresource, indextype, description of a set", "CUR; read-only"),
    ("onerror and warning in the payload", "builds below 11.0-67 and 10.5-63"),
)
"""What the sources tell of and this emulator leaves out: what, and where it is told."""
