"""ThreatQ as its clients see it: state without HTTP, then routes that translate."""
