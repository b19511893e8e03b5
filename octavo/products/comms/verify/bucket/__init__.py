"""Buckets: how many starts in how long a rate limit lets through."""
