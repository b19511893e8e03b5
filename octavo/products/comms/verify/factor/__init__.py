"""Factors: devices of a person that make codes by themselves (TOTP, RFC 6238)."""
