"""Small files of many kinds, made by ffmpeg."""

import subprocess
from functools import cache
from pathlib import Path

import imageio_ffmpeg

PICTURE = ["-f", "lavfi", "-i", "testsrc=size=64x48", "-frames:v", "1"]
SOUND = ["-f", "lavfi", "-i", "sine=frequency=440:duration=0.5"]


@cache
def a_file(folder: Path, name: str, *arguments: str) -> bytes:
    """The bytes that ffmpeg makes for that name; its suffix says of which kind."""
    path = folder / name
    source = SOUND if path.suffix in (".wav", ".ogg", ".mp3", ".flac") else PICTURE
    program = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([program, "-v", "error", "-y", *source, *arguments, str(path)], check=True)
    return path.read_bytes()
