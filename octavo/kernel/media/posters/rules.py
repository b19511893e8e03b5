"""Which pictures are taken for posters."""

from octavo.kernel.refusals import Conflict, Invalid, NotFound

MOST_BYTES = 10 << 20
MOST_PIXELS = 40_000_000
MOST_OWN = 12  # of one film

# By the first bytes, and the demuxer of ffmpeg that reads no other kind.
_KINDS = ((b"\xff\xd8\xff", "jpeg_pipe"), (b"\x89PNG\r\n\x1a\n", "png_pipe"))


class BadPicture(Invalid):
    title = "This picture cannot be used"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, fields={"file": sentence})


class TooManyPosters(Conflict):
    title = f"A film has at most {MOST_OWN} pictures of your own. Remove one first."


class PosterNotFound(NotFound):
    title = "There is no such picture. It may have been removed."


class FrameStays(Conflict):
    title = "Frames of the film stay. Choose another picture instead."


def demuxer_of(content: bytes) -> str:
    """What reads this kind of picture, whatever its name says. Raises BadPicture."""
    for beginning, demuxer in _KINDS:
        if content.startswith(beginning):
            return demuxer
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp_pipe"
    raise BadPicture("Choose a picture in JPEG, PNG or WebP.")
