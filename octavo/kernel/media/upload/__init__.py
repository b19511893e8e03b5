"""Uploads: bytes on their way to us, by tus 1.0 or by a plain form."""
