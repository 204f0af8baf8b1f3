"""The contract against the real thing, and which answers its open questions get there.

Outside the test paths: it needs an appliance, or a ThreatQ, that somebody names.
"""
