"""The contract of targets, the same class as in memory and in the lab."""

from netscaler.test_contract import TestTarget

__all__ = ["TestTarget"]
