"""The story of one run, told through ports; no protocol and no printing in here."""
