"""Audio: in step with the picture, piece by piece, the same each time."""

import array
import hashlib
import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest

from octavo.kernel.media.encode import probe
from octavo.kernel.media.packaging import join_pieces
from tests.kernel.media.films import a_film, decode_errors
from tests.kernel.media.numbered import made_by_ffmpeg
from tests.kernel.media.presentations import audio_pieces

pytestmark = pytest.mark.slow

# The picture turns white and a tone begins, both after one second of the source's clock.
FLASH = (
    "-f",
    "lavfi",
    "-i",
    "color=black:s=64x64:r=25:d=12,format=yuv420p,geq=lum='if(gte(T,1),235,16)':cb=128:cr=128",
)
BEEP = ("-f", "lavfi", "-i", "aevalsrc='if(gte(t,1),sin(2*PI*1000*t),0)':s=44100:d=12")
ENCODER = ("-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-c:a", "aac")


def first_sound(path: Path) -> float:
    """Seconds until the tone is heard."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-map", "0:a"]
    command += ["-f", "s16le", "-ac", "1", "-ar", "48000", "-"]
    samples = array.array("h", subprocess.run(command, check=True, capture_output=True).stdout)
    return next(n for n, level in enumerate(samples) if abs(level) > 8000) / 48000


@pytest.mark.parametrize(
    ("name", "arguments", "beep"),
    [
        ("plain.mp4", (*FLASH, *BEEP, *ENCODER), 1.0),
        ("plain.mkv", (*FLASH, *BEEP, *ENCODER), 1.0),
        ("plain.ts", (*FLASH, *BEEP, *ENCODER), 1.0),
        ("late-sound.mp4", (*FLASH, "-itsoffset", "0.5", *BEEP, *ENCODER), 1.5),
        ("late-picture.mkv", ("-itsoffset", "0.4", *FLASH, *BEEP, *ENCODER), 0.6),
        ("late-both.mkv", (*FLASH, *BEEP, "-output_ts_offset", "7", *ENCODER), 1.0),
    ],
)
async def test_sound_is_in_step_with_the_picture(
    tmp_path: Path, name: str, arguments: tuple[str, ...], beep: float
) -> None:
    film = made_by_ffmpeg(*arguments, tmp_path / name)
    pieces = await audio_pieces(film, tmp_path, 0, await probe(film))
    assert first_sound(pieces[0].path) == pytest.approx(beep, abs=0.02)


async def test_pieces_follow_on_from_each_other_and_join(tmp_path: Path) -> None:
    film = a_film(tmp_path / "film.mp4", seconds=80, size="64x64")
    source = await probe(film)
    pieces = await audio_pieces(film, tmp_path, 0, source)
    assert [piece.n for piece in pieces] == [0, 1, 2]
    assert pieces[0].index.duration == pytest.approx(8, abs=0.1)
    joined = join_pieces([piece.path for piece in pieces], tmp_path / "joined.mp4")
    assert joined.duration == pytest.approx(80, abs=0.1)
    assert (joined.codec, joined.channels, joined.sample_rate) == ("mp4a.40.2", 2, 48000)
    assert decode_errors(tmp_path / "joined.mp4") == ""


async def test_the_same_track_gives_the_same_pieces(tmp_path: Path) -> None:
    film = a_film(tmp_path / "film.mp4", seconds=20, size="64x64")
    source = await probe(film)
    hashes = []
    for _ in range(2):
        pieces = await audio_pieces(film, tmp_path, 0, source)
        hashes.append([hashlib.sha256(piece.path.read_bytes()).hexdigest() for piece in pieces])
    assert hashes[0] == hashes[1]


async def test_a_track_without_any_sound_is_silence(tmp_path: Path) -> None:
    nothing = ("-af", "atrim=start=60", "-t", "3")
    film = made_by_ffmpeg(*FLASH, *BEEP, *ENCODER, *nothing, tmp_path / "mute.mkv")
    source = await probe(film)
    pieces = await audio_pieces(film, tmp_path, 0, source)
    assert pieces[-1].index.start + pieces[-1].index.duration == pytest.approx(source.duration, abs=0.1)
    assert decode_errors(pieces[0].path) == ""
