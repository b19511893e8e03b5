"""Inspection: whether rows and files say the same, and what can be done where they do not (`octavo media fsck`)."""
