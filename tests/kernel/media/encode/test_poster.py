"""The poster: a frame worth looking at."""

from pathlib import Path

import pytest
from PIL import Image

from octavo.kernel.media.encode import extract_posters, probe
from octavo.kernel.media.encode.poster import dominant_colours
from tests.kernel.media.films import a_film
from tests.kernel.media.numbered import made_by_ffmpeg

pytestmark = pytest.mark.slow


async def test_the_poster_is_not_one_of_the_black_frames(tmp_path: Path) -> None:
    fade = "color=black:s=640x360:r=25:d=8[a];testsrc2=s=640x360:r=25:d=2[b];[a][b]concat"
    film = made_by_ffmpeg("-f", "lavfi", "-i", fade, "-c:v", "libx264", "-g", "25", tmp_path / "dark.mp4")
    dark = (await extract_posters(film, tmp_path, await probe(film)))[0]
    with Image.open(dark.path) as picture:
        assert picture.format == "JPEG"
        assert picture.size == (dark.width, dark.height) == (640, 360)


async def test_the_brightest_stretch_wins_over_black(tmp_path: Path) -> None:
    film = "color=black:s=320x180:r=25:d=6[a];testsrc2=s=320x180:r=25:d=4[b];[a][b]concat"
    made = made_by_ffmpeg("-f", "lavfi", "-i", film, "-c:v", "libx264", "-g", "25", tmp_path / "late.mp4")
    best, black = await extract_posters(made, tmp_path, await probe(made))
    assert best.at == pytest.approx(7.0)
    assert black.at < 6  # the same black at other moments is no further choice


async def test_a_large_film_has_a_poster_of_1280_pixels(tmp_path: Path) -> None:
    film = a_film(tmp_path / "film.mp4", seconds=1, size="1920x1080", sound=False)
    poster = (await extract_posters(film, tmp_path, await probe(film)))[0]
    assert (poster.width, poster.height) == (1280, 720)


def test_the_dominant_colours_are_those_that_cover_most() -> None:
    pixels = bytes([200, 20, 20]) * 60 + bytes([20, 20, 200]) * 40
    assert dominant_colours(pixels) == ("#d01010", "#1010d0")
