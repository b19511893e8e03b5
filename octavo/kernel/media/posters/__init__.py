"""Posters: the pictures that a film may be shown by, frames of it and its owner's own, and which of them is."""
