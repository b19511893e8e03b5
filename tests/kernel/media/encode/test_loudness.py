"""Loudness by setting: every film comes out as loud as every other, without losing its own quiet and loud."""

import hashlib
import re
import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest

from octavo.kernel.media.encode import SourceInfo, probe, sound_of
from tests.kernel.media.films import decode_errors
from tests.kernel.media.numbered import made_by_ffmpeg
from tests.kernel.media.presentations import sound_pieces

pytestmark = pytest.mark.slow

TARGET = -16.0
NOISE = "anoisesrc=color=pink:seed=7:sample_rate=48000:duration=4"
PICTURE = ("-f", "lavfi", "-i", "color=black:s=64x64:r=25:d=4")
ENCODER = ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "flac")


def a_film(path: Path, volume: str) -> Path:
    return made_by_ffmpeg(*PICTURE, "-f", "lavfi", "-i", f"{NOISE},volume={volume}", *ENCODER, path)


def loudness(path: Path) -> float:
    """In LUFS, as ffmpeg's own meter has it."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-i", str(path), "-af", "ebur128", "-f", "null", "-"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    return float(re.findall(r"I: +(-[\d.]+) LUFS", told)[-1])


async def normalised(film: Path, folder: Path, source: SourceInfo) -> Path:
    folder.mkdir()
    sound = sound_of(source.audio[0], loudness=TARGET)
    [piece] = await sound_pieces(film, folder, sound, source)
    return piece.path


# The loud one changes its level by 6 dB in the middle; the quiet one must be lifted far.
@pytest.mark.parametrize(("name", "volume"), [("quiet.mkv", "-15dB"), ("loud.mkv", "'if(lt(t,2),1,2)':eval=frame")])
async def test_quiet_and_loud_films_come_out_at_the_target(tmp_path: Path, name: str, volume: str) -> None:
    film = a_film(tmp_path / name, volume)
    source = await probe(film)
    before = loudness(film)
    made = await normalised(film, tmp_path / "first", source)
    assert abs(before - TARGET) > 3
    assert loudness(made) == pytest.approx(TARGET, abs=1)
    assert decode_errors(made) == ""
    again = await normalised(film, tmp_path / "again", source)
    assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(made.read_bytes()).digest()


async def test_silence_stays_silent(tmp_path: Path) -> None:
    film = a_film(tmp_path / "silent.mkv", "0")
    made = await normalised(film, tmp_path / "made", await probe(film))
    assert loudness(made) <= -70
