"""ThreatQ and NetScaler on loopback, strict and able to misbehave."""
