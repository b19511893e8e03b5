"""Encryption: the keys of films whose files are encrypted, and the licences that players get them by."""
