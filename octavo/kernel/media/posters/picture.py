"""Makes a poster of a picture that somebody brought: strangers' bytes go in, and only pixels come out."""

import asyncio
import tempfile
from pathlib import Path

from octavo.kernel.media.encode import EncodeCancelled, EncodeFailed, EncodeInterrupted
from octavo.kernel.media.encode.ffmpeg import run_ffmpeg
from octavo.kernel.media.posters.rules import MOST_PIXELS, BadPicture, demuxer_of
from octavo.kernel.refusals import Unavailable

_LONGEST_SIDE = 1280
_SECONDS = 30.0
_INTERRUPTED = "The picture could not be made just now. Nothing was stored; please try again."
_UNREADABLE = "This picture is damaged, or too large: it may have 40 million pixels."


async def poster_of(content: bytes, folder: Path) -> bytes:
    """A JPEG without anything that cameras and programs note in theirs. Raises BadPicture, Unavailable."""
    demuxer = demuxer_of(content)
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="poster-", dir=folder) as name:
        given, made = Path(name) / "given", Path(name) / "made.jpg"
        await asyncio.to_thread(given.write_bytes, content)
        try:
            async with asyncio.timeout(_SECONDS):
                await run_ffmpeg(_arguments(demuxer, given, made))
            return await asyncio.to_thread(made.read_bytes)
        except (EncodeInterrupted, TimeoutError) as error:
            raise Unavailable(_INTERRUPTED) from error
        except (EncodeCancelled, EncodeFailed, FileNotFoundError) as error:
            raise BadPicture(_UNREADABLE) from error


def _arguments(demuxer: str, given: Path, made: Path) -> list[str]:
    opened = ["-protocol_whitelist", "file", "-max_pixels", str(MOST_PIXELS), "-f", demuxer, "-i", f"file:{given}"]
    within = f"w='min({_LONGEST_SIDE},iw)':h='min({_LONGEST_SIDE},ih)':force_original_aspect_ratio=decrease"
    picture = ["-frames:v", "1", "-vf", f"scale={within}:out_range=pc,setsar=1,format=yuvj420p", "-map_metadata", "-1"]
    exact = ["-flags:v", "+bitexact", "-fflags", "+bitexact"]
    return [*opened, *picture, "-c:v", "mjpeg", "-q:v", "3", *exact, "-f", "image2", "-update", "1", str(made)]
