"""Limits on how often a verification may be started for one value: a number, an address, a session."""
