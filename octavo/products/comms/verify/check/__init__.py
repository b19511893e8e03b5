"""Checks of codes that came back."""
