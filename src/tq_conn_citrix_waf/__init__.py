"""Keeps a NetScaler block list in step with ThreatQ data collections."""
