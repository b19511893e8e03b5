"""The language and region a visitor prefers, from Accept-Language (RFC 9110 section 12.5.4)."""

import re
from functools import lru_cache

_TAG = re.compile(r"\s*([A-Za-z]{2,3})(?:-([A-Za-z]{2}))?\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*$")


@lru_cache(maxsize=512)
def preferred_locale(accept_language: str, languages: tuple[str, ...]) -> str:
    """The visitor's first choice among the languages that pages speak, such as `en-GB`; the first of ours otherwise."""
    choices: list[tuple[float, int, str]] = []
    for item in accept_language.split(","):
        tag = _TAG.match(item)
        if tag and tag[1].lower() in languages and float(tag[3] or 1) > 0:
            region = f"-{tag[2].upper()}" if tag[2] else ""
            choices.append((-float(tag[3] or 1), len(choices), tag[1].lower() + region))
    return min(choices)[2] if choices else languages[0]
