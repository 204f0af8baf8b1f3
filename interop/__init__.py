"""Clients that nobody here wrote drive the lab, as they are.

They are installed beside the project, each in an environment of its own, so that
nothing of theirs can change what the lab or the connector is tested with.
"""
