"""What the facts leave open about ThreatQ, each as a switch."""

from citrix_waf_lab.dialects import Switch

SWITCHES: tuple[Switch, ...] = ()
