"""The adapter to ThreatQ: session, data collections, and this connector's own entry."""
