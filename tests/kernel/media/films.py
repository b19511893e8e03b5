"""Small films made by ffmpeg, good ones and broken ones."""

import subprocess
from pathlib import Path

import imageio_ffmpeg


def a_film(
    path: Path,
    *,
    seconds: float = 3,
    size: str = "640x360",
    sound: bool = True,
    rate: str = "24",
    options: str = "",
    picture: str = "",
) -> Path:
    """Moving colours or another `picture`, and a tone if `sound`; `options` are further output options."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y"]
    command += ["-f", "lavfi", "-i", picture or f"testsrc2=size={size}:rate={rate}:duration={seconds}"]
    if sound:
        command += ["-f", "lavfi", "-i", f"sine=frequency=330:duration={seconds}", "-c:a", "aac"]
    command += [
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
        "-g",
        "24",
        "-pix_fmt",
        "yuv420p",
        *options.split(),
        str(path),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(command, check=True)
    return path


def sound_tracks(*tracks: tuple[str, str, str]) -> list[str]:
    """ffmpeg's options for tracks of sound, each of an input, in a codec and a language."""
    options = []
    for n, (source, codec, language) in enumerate(tracks):
        options += ["-map", source, f"-c:a:{n}", codec, f"-metadata:s:a:{n}", f"language={language}"]
    return options


def turned(film: Path, path: Path) -> Path:
    """The same film with a note that players should turn it by a quarter, as phones write it."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y", "-display_rotation", "90"]
    subprocess.run([*command, "-i", str(film), "-c", "copy", str(path)], check=True)
    return path


def cut_off(film: Path, path: Path, *, keep: float) -> Path:
    """The film's first bytes, as after a copy that broke off."""
    content = film.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    return path


def decode_errors(source: str | Path) -> str:
    """What ffmpeg complains of while it decodes everything; empty when all is well."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-i", str(source), "-map", "0"]
    command += ["-f", "null", "-"]
    return subprocess.run(command, capture_output=True, text=True, timeout=120).stderr.strip()
