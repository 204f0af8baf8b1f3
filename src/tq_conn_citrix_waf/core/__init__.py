"""Decides. No I/O, no clock, no logging, no configuration object in here."""
