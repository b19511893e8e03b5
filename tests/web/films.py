"""Films for the browser tests, made here: nothing in them belongs to anybody else."""

import subprocess
from pathlib import Path

import imageio_ffmpeg

from tests.web.landscape import DESERT, Palette, draw_landscape

COLOURS = "c0=0x14213d:c1=0xfca311:c2=0xe5e5e5:c3=0x8d0801"
CHORD = "0.1*sin(2*PI*t*220)+0.08*sin(2*PI*t*277.2)+0.08*sin(2*PI*t*329.6)"
SOUND = ("-f", "lavfi", "-i", f"aevalsrc={CHORD}:sample_rate=48000")
ENCODING = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "18", "-g", "48", "-pix_fmt", "yuv420p", "-c:a", "aac")


def a_landscape_film(
    path: Path, *, seconds: float = 3, width: int = 426, height: int = 240, palette: Palette = DESERT, seed: int = 1
) -> Path:
    """The camera turns slowly over a landscape."""
    still = draw_landscape(path.with_suffix(".png"), round(width * 1.15), height, palette, seed=seed)
    turning = f"crop={width}:{height}:x=(in_w-out_w)*t/{seconds}:y=0"
    picture = ["-loop", "1", "-framerate", "24", "-i", str(still)]
    return _ffmpeg(*picture, *SOUND, "-vf", turning, "-t", str(seconds), *ENCODING, out=path)


def a_grainy_film(path: Path, *, seconds: float) -> Path:
    """Flowing colours in 480 lines; the grain costs bits, so that its qualities differ as those of filmed ones do."""
    colours = f"gradients=size=854x480:rate=24:nb_colors=4:{COLOURS}:type=spiral:speed=0.015:seed=7"
    grain = ["-vf", "noise=alls=14:allf=t", "-maxrate", "4M", "-bufsize", "4M"]
    once = path.with_suffix(".once.mp4")
    _ffmpeg("-f", "lavfi", "-i", colours, *SOUND, *grain, "-t", "6", *ENCODING, out=once)
    return _ffmpeg("-stream_loop", "-1", "-i", str(once), "-t", str(seconds), "-c", "copy", out=path)


def a_film_in_two_languages(path: Path, *, seconds: float) -> Path:
    """English is a tone of 440 Hz and the default, French one of 880 Hz."""
    picture = ["-f", "lavfi", "-i", f"testsrc2=size=640x360:rate=24:duration={seconds}"]
    tones = [f"sine=frequency={hertz}:duration={seconds}" for hertz in (440, 880)]
    sound = ["-f", "lavfi", "-i", tones[0], "-f", "lavfi", "-i", tones[1]]
    tracks = ["-map", "0:v", "-map", "1:a", "-map", "2:a", "-disposition:a:0", "default", "-disposition:a:1", "0"]
    names = ["-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=fra"]
    return _ffmpeg(*picture, *sound, *tracks, *names, *ENCODING, out=path)


def a_film_with_subtitles(path: Path, *, seconds: float) -> Path:
    """Matroska with a text track inside: German, one cue from the second second to the end."""
    words = path.with_suffix(".srt")
    words.write_text(f"1\n00:00:01,000 --> 00:00:{seconds:02.0f},000\nGuten Morgen\n", encoding="utf-8")
    picture = ["-f", "lavfi", "-i", f"testsrc2=size=640x360:rate=24:duration={seconds}", *SOUND, "-i", str(words)]
    tracks = ["-map", "0:v", "-map", "1:a", "-map", "2:s", "-c:s", "srt", "-metadata:s:s:0", "language=ger"]
    return _ffmpeg(*picture, *tracks, "-t", str(seconds), *ENCODING, out=path)


def _ffmpeg(*words: str, out: Path) -> Path:
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y", *words, str(out)], check=True)
    return out
