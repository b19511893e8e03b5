"""Passwords: which are accepted, how they are hashed, and how they are changed."""
