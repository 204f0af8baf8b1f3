"""Every behaviour of the appliance that a client can see."""

from citrix_waf_lab.quirks import Quirk

QUIRKS: tuple[Quirk, ...] = ()
