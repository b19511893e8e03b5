"""The names that only the site itself may speak under, in `reserved_usernames.txt`."""

from pathlib import Path

RESERVED_USERNAMES = frozenset(Path(__file__).with_suffix(".txt").read_text("utf-8").split())
