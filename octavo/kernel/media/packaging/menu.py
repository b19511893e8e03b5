"""What tracks are called in players' menus."""

from collections.abc import Iterator, Sequence

from octavo.kernel.media.packaging.rows import TextFile, Track

SURROUND = "5.1"  # tells a language's surround sound from its stereo


def menu_names(tracks: Sequence[Track] | Sequence[TextFile]) -> Iterator[str]:
    """Names differ within a group (RFC 8216, 4.3.4.1.1): a second "English" is "English (2)".

    In DASH too: video.js, for one, shows of two that are called the same the second alone.
    """
    seen: set[str] = set()
    for track in tracks:
        nameless = "Audio" if isinstance(track, Track) else "Subtitles"
        wanted = quotable(track.label) or (track.language if track.language != "und" else nameless)
        if isinstance(track, Track) and track.beside:
            wanted = f"{wanted} {SURROUND}"
        name, number = wanted, 1
        while name in seen:
            number += 1
            name = f"{wanted} ({number})"
        seen.add(name)
        yield name


def quotable(text: str) -> str:
    """Text from the source's own tags, made safe inside a quoted attribute."""
    return " ".join("".join(mark if mark.isprintable() and mark != '"' else " " for mark in text).split())
