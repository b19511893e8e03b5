"""Challenges: asking a person for the code of one of their factors."""
