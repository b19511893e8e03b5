"""The words that passwords are most often made of, in `common_words.txt`."""

from pathlib import Path

COMMON_WORDS = frozenset(Path(__file__).with_suffix(".txt").read_text("utf-8").split())
