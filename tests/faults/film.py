"""A short film of our own for the fault campaign: small enough to encode in seconds, long enough for several chunks."""

import subprocess
from pathlib import Path

import imageio_ffmpeg

SECONDS = 20


def make_film(target: Path) -> Path:
    """640x360 at 24 frames a second with a key frame every two seconds and a tone."""
    ffmpeg = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y"]
    picture = ["-f", "lavfi", "-i", f"testsrc2=size=640x360:rate=24:duration={SECONDS}"]
    sound = ["-f", "lavfi", "-i", f"sine=frequency=330:duration={SECONDS}"]
    coding = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "20", "-g", "48", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    subprocess.run([*ffmpeg, *picture, *sound, *coding, "-movflags", "+faststart", str(target)], check=True)
    return target
