"""Garbage: files that nothing needs any more, found and removed."""
