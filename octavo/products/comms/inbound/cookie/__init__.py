"""Cookies of a conversation: what a server sets while somebody writes to a number, it gets back with the next text."""
