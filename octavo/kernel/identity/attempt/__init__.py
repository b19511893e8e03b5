"""Attempts at a password: counted per account and address, and made to wait longer and longer."""
