"""Renewal: a complete film encoded or packaged anew, while it goes on playing as it is."""
