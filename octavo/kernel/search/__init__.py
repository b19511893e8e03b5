"""Words to things: an inverted index in PostgreSQL, of plain words or of keyed hashes where texts are encrypted."""

from octavo.kernel.search.actions import index_texts, remove
from octavo.kernel.search.queries import found, indexed
from octavo.kernel.search.rows import Found, Place, Text
from octavo.kernel.search.rules import MOST_WORDS, words_of

__all__ = ["MOST_WORDS", "Found", "Place", "Text", "found", "index_texts", "indexed", "remove", "words_of"]
