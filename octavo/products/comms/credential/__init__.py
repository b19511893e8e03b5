"""Credentials that accounts leave with us: they are kept sealed, and never shown again."""
