"""What tracks are called in players' menus."""

from collections.abc import Iterator, Sequence

from octavo.kernel.media.packaging.rows import TextFile, Track


def menu_names(tracks: Sequence[Track] | Sequence[TextFile]) -> Iterator[str]:
    """Names differ within a group (RFC 8216, 4.3.4.1.1): a second "English" is "English (2)".

    In DASH too: video.js, for one, shows of two that are called the same the second alone.
    """
    seen: set[str] = set()
    for track in tracks:
        nameless = "Audio" if isinstance(track, Track) else "Subtitles"
        wanted = quotable(track.label) or (track.language if track.language != "und" else nameless)
        name, number = wanted, 1
        while name in seen:
            number += 1
            name = f"{wanted} ({number})"
        seen.add(name)
        yield name


def quotable(text: str) -> str:
    """Text from the source's own tags, made safe inside a quoted attribute."""
    return " ".join("".join(mark if mark.isprintable() and mark != '"' else " " for mark in text).split())
