"""Searches for the sequence of events that nobody thought of; see docs/safety.md."""
