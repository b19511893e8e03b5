"""The films that benchmarks and the demo encode: the real sample clip, longer ones made of it, or a generated one."""

import subprocess
from pathlib import Path

import imageio_ffmpeg

from octavo.cli.sample import sample_film


def sample_clip() -> Path:
    """About half a minute of real 1080p film (Big Buck Bunny); a generated film where the registry does not answer."""
    return sample_film()


def lengthened(clip: Path, seconds: float, into: Path) -> Path:
    """`clip` repeated without re-encoding until it lasts at least `seconds`, cut there at a key frame."""
    out = into / f"{clip.stem}-{seconds:g}s.mp4"
    ffmpeg = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y"]
    command = [
        *ffmpeg,
        "-stream_loop",
        "-1",
        "-i",
        clip,
        "-t",
        str(seconds),
        "-c",
        "copy",
        "-movflags",
        "+faststart",
        out,
    ]
    subprocess.run([str(word) for word in command], check=True)
    return out
