"""Films whose every frame carries its number, so that a test sees which frame of the source is shown when."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import av
import imageio_ffmpeg

BITS = 14
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "50")
# One square of 16 pixels per bit: white for one, black for zero. It survives any encoder.
_NUMBER = "geq=lum='16+219*mod(floor(N/pow(2,floor(X/16))),2)':cb=128:cr=128"


def a_numbered_film(path: Path, *, rate: str = "25", seconds: float = 75, encoder: Sequence[str] = X264) -> Path:
    picture = f"color=gray:s={BITS * 16}x64:r={rate}:d={seconds},format=yuv420p,{_NUMBER}"
    return made_by_ffmpeg("-f", "lavfi", "-i", picture, *encoder, path)


def made_by_ffmpeg(*arguments: str | Path) -> Path:
    """Runs ffmpeg; the last argument is the file that it makes."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y", *map(str, arguments)]
    subprocess.run(command, check=True)
    return Path(arguments[-1])


def shown_frames(path: Path) -> list[tuple[float, int]]:
    """When each frame is shown, in seconds, and the number on it."""
    with av.open(str(path)) as film:
        return [(float(frame.time or 0), _number(frame)) for frame in film.decode(video=0)]


def _number(frame: av.VideoFrame) -> int:
    plane = frame.planes[0]
    row = bytes(plane)[32 * plane.line_size : 33 * plane.line_size]
    return sum(1 << bit for bit in range(BITS) if row[bit * 16 + 8] > 127)
