"""Addresses of an account's customers, for numbers that want one."""
