"""Delivery: signed addresses, manifests and media for players."""
