"""What a blob's key may look like: the same names on every store, and no way out of the folder."""

import re

from octavo.kernel.refusals import BadRequest

# Every store and file system keeps these apart and as they are; a leading dot would hide the file.
SEGMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._=~-]*", re.ASCII)
LONGEST_SEGMENT = 200
LONGEST_KEY = 900


class BadBlobKey(BadRequest):
    title = "That is no name for a stored file"


def checked_key(key: str) -> str:
    """The key itself: ASCII segments between slashes, none of them empty, `.` or `..`. Raises BadBlobKey."""
    segments = key.split("/")
    if len(key) > LONGEST_KEY or not all(_is_segment(segment) for segment in segments):
        raise BadBlobKey(f"{key[:100]!r} is no name for a stored file.")
    return key


def _is_segment(text: str) -> bool:
    return len(text) <= LONGEST_SEGMENT and SEGMENT.fullmatch(text) is not None
