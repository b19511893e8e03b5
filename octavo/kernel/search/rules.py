"""How a text becomes words that are compared, and words become what the index holds."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

MOST_WORDS = 512  # of one text; what comes later is not found
LONGEST_WORD = 64
HASH_BYTES = 12
# Scripts that are written without spaces: each pair of neighbours is a word, and each character too.
_UNSPACED = ("CJK UNIFIED", "CJK COMPATIBILITY IDEOGRAPH", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")


def words_of(text: str) -> list[str]:
    """The different words in the order of their first place: compatibility forms and letter cases are the same."""
    found: dict[str, None] = {}
    for run in _runs(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())):
        for word in _words_in(run):
            found.setdefault(word[:LONGEST_WORD])
            if len(found) == MOST_WORDS:
                return list(found)
    return list(found)


def tokens_of(text: str, private_key: bytes | None) -> list[str]:
    """What the index holds for a text."""
    words = words_of(text)
    return words if private_key is None else [hashed(word, private_key) for word in words]


def hashed(word: str, private_key: bytes) -> str:
    """A hash that begins as no word does, so that both kinds live in one index."""
    return "#" + blake2b(word.encode(), digest_size=HASH_BYTES, key=private_key, person=b"octavo search").hexdigest()


def _runs(text: str) -> Iterator[str]:
    """Letters, marks and digits that stand together and belong to one way of writing."""
    run: list[str] = []
    for character in text:
        if run and _way(character) != _way(run[-1]):
            if _way(run[-1]):
                yield "".join(run)
            run = []
        run.append(character)
    if run and _way(run[-1]):
        yield "".join(run)


def _words_in(run: str) -> Iterator[str]:
    if _way(run[0]) == "spaced":
        yield run
        return
    yield from run
    for first, second in pairwise(run):
        yield first + second


@lru_cache(4096)
def _way(character: str) -> str:
    """`spaced`, `unspaced`, or nothing for what stands between words."""
    if unicodedata.category(character)[0] not in "LMN":
        return ""
    return "unspaced" if unicodedata.name(character, "").startswith(_UNSPACED) else "spaced"
