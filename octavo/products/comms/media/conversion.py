"""Converting files to what carriers take, in a child process that is bounded in time, memory and size."""

import asyncio
from pathlib import Path

from octavo.kernel.media import EncodeFailed, EncodeInterrupted, run_ffmpeg
from octavo.products.comms.codes import CommsRefusal

SECONDS = 30.0
MOST_MEMORY = 256 * 1024 * 1024  # bytes that one allocation may take
MOST_PIXELS = 50_000_000
WIDEST = 1600
LONGEST_SOUND = 600  # seconds
# The one demuxer that reads each type: a file that pretends to be something else is not opened as that.
_DEMUXERS = {
    "image/bmp": "bmp_pipe",
    "image/jpeg": "jpeg_pipe",
    "image/png": "png_pipe",
    "image/tiff": "tiff_pipe",
    "image/webp": "webp_pipe",
    "audio/aac": "aac",
    "audio/flac": "flac",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
}
_OUTPUT = {
    "image/jpeg": [
        *("-frames:v", "1", "-vf", f"scale='min({WIDEST},iw)':-2:out_range=pc,format=yuvj420p"),
        *("-c:v", "mjpeg", "-q:v", "4", "-f", "image2", "-update", "1"),
    ],
    "audio/mpeg": ["-vn", "-t", str(LONGEST_SOUND), "-ac", "1", "-ar", "24000", "-b:a", "48k", "-f", "mp3"],
}


class NotConverted(Exception):
    """It took too long, or was ended from outside: on a busy machine that says nothing of the file."""


async def convert(source: Path, content_type: str, target_type: str, target: Path) -> None:
    """Raises CommsRefusal 12300 for a file that cannot be read as what it is, or NotConverted."""
    arguments = ["-max_alloc", str(MOST_MEMORY), "-protocol_whitelist", "file", "-max_pixels", str(MOST_PIXELS)]
    arguments += ["-threads", "1", "-f", _DEMUXERS[content_type], "-i", f"file:{source}", "-map_metadata", "-1"]
    try:
        async with asyncio.timeout(SECONDS):
            await run_ffmpeg([*arguments, *_OUTPUT[target_type], f"file:{target}"])
    except (EncodeInterrupted, TimeoutError) as error:
        raise NotConverted from error
    except EncodeFailed:
        raise CommsRefusal(12300, f"The media could not be converted: its {content_type} may be damaged.") from None
