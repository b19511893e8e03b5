"""Scenarios: handsets and what they say when, written down in YAML for users' own tests."""
