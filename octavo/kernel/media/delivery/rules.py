"""What a film's file is called on the disk of whoever keeps it, and what it is sent as."""

import re
import unicodedata

SOURCE = "source"
MOST_BYTES = 180  # file systems take 255, and browsers add a number where the name is taken
_RESERVED = re.compile(r'[/\\:*?"<>|]')  # by one file system or another
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}\Z")
_TYPES = {"mp4": "video/mp4", "webm": "video/webm", "vtt": "text/vtt", "jpg": "image/jpeg"}


def file_name(title: str, name: str, filename: str) -> str:
    """For a film of this `title`, its download called `name`, uploaded as `filename`.

    Nothing in the title can change the ending, hide it by the direction of writing, or lead to another folder.
    """
    if name == SOURCE:
        return _stem(title) + _ending(filename)
    return f"{_stem(title)} {name}"


def content_type(name: str) -> str:
    """A source comes from a stranger, and what it says of itself is not passed on."""
    return _TYPES.get(name.rpartition(".")[2], "application/octet-stream")


def _stem(title: str) -> str:
    """The title in letters that every file system takes."""
    shown = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in title)
    words = " ".join(_RESERVED.sub(" ", shown).split())
    return words.encode(errors="ignore")[:MOST_BYTES].decode(errors="ignore").strip(". ") or "Film"


def _ending(filename: str) -> str:
    ending = _ENDING.search(filename)
    return ending[0].lower() if ending else ""
