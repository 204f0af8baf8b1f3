"""Every behaviour of ThreatQ that a client can see.

Each has a source or the word inferred; where a sentence holds both, it says which part
is inferred.
"""

from citrix_waf_lab.quirks import Quirk
from citrix_waf_lab.threatq.quirks_access import ACCESS, GATES
from citrix_waf_lab.threatq.quirks_connectors import CONNECTORS
from citrix_waf_lab.threatq.quirks_library import LIBRARY
from citrix_waf_lab.threatq.quirks_members import MEMBERS

QUIRKS: tuple[Quirk, ...] = (*ACCESS, *GATES, *CONNECTORS, *LIBRARY, *MEMBERS)

NOT_EMULATED: tuple[tuple[str, str], ...] = (
    ("/api/export/{id}, differential exports", "Splunk add-on; help centre, exports"),
    ("/api/plugins and their execution", "threatqsdk 1.8.0; Kibana: operations"),
    ("/api/configuration/proxy", "threatqsdk 1.8.0"),
    ("/api/search, /api/search/advanced", "Cortex XSOAR; Siemplify; no answer shown"),
    ("POST /api/{type}/{id}/{type2}: links between objects", "threatqsdk 1.8.0"),
    ("adversaries, files, signatures and other objects", "threatqsdk 1.8.0"),
    ("how private credentials are made and tied to a connector", "no source"),
    ("whitelist rules, expiration policies, exceptions", "help centre, Data Controls"),
    ("sharing by user and role", "help centre, Sharing; a switch stands for it"),
    ("STIX/TAXII collections", "help centre, Data Collections"),
)
"""What the sources tell of and this emulator leaves out: what, and where it is told."""
