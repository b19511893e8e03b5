"""Whatever people upload: a clear sentence, or a correct result."""

from pathlib import Path

import pytest

from octavo.kernel.context import Engines
from octavo.kernel.media import AssetView
from tests.kernel.media.films import a_film, cut_off, decode_errors, turned
from tests.kernel.media.house import a_person, settled, uploaded, working

pytestmark = pytest.mark.slow


async def outcome(engines: Engines, film: Path) -> AssetView:
    """What becomes of the film; when it is complete, every track of it decodes without an error."""
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, film)
    async with working(engines):
        view = await settled(ctx, asset_id)
    if view.state == "complete":
        keys = await ctx.db.main.column("SELECT key FROM media.rendition WHERE asset_id = $1", asset_id)
        assert {decode_errors(ctx.blobs.local_path(key)) for key in keys} == {""}
    return view


async def test_a_file_that_is_no_film_says_so(engines: Engines, tmp_path: Path) -> None:
    text = tmp_path / "letter.mp4"
    text.write_text("Dear reader, this is no film. " * 1000)
    view = await outcome(engines, text)
    assert view.state == "failed"
    assert view.failure.endswith(".")
    assert view.manifest_version == 0


async def test_a_film_without_its_index_says_so(engines: Engines, short_film: Path, tmp_path: Path) -> None:
    view = await outcome(engines, cut_off(short_film, tmp_path / "cut.mp4", keep=0.5))
    assert view.state == "failed"
    assert view.failure


async def test_a_film_cut_off_in_the_middle_says_so_or_plays_what_is_there(engines: Engines, tmp_path: Path) -> None:
    whole = a_film(tmp_path / "whole.mp4", seconds=12, options="-movflags +faststart")
    view = await outcome(engines, cut_off(whole, tmp_path / "cut.mp4", keep=0.67))
    assert view.state == "complete" or view.failure


async def test_a_film_of_one_pixel_is_refused_or_plays(engines: Engines, tmp_path: Path) -> None:
    tiny = a_film(tmp_path / "tiny.mkv", seconds=1, sound=False, options="-c:v ffv1 -pix_fmt gbrp -vf scale=1:1")
    view = await outcome(engines, tiny)
    assert view.state == "complete" or view.failure


@pytest.mark.parametrize(
    ("name", "making"),
    [
        ("odd.mkv", {"size": "321x241", "options": "-pix_fmt yuv444p"}),
        ("silent.mp4", {"sound": False}),
        ("variable.mp4", {"rate": "30", "options": "-vf select='not(mod(n,7))+lt(mod(n,11),4)' -fps_mode vfr"}),
    ],
)
async def test_unusual_films_play(engines: Engines, tmp_path: Path, name: str, making: dict[str, str]) -> None:
    view = await outcome(engines, a_film(tmp_path / name, **making))  # type: ignore[arg-type]
    assert (view.state, view.failure) == ("complete", "")


async def test_a_film_of_ten_languages_has_them_all(engines: Engines, tmp_path: Path) -> None:
    view = await outcome(engines, a_film(tmp_path / "babel.mkv", options="-map 0:v" + 10 * " -map 1:a"))
    assert (view.state, view.failure) == ("complete", "")
    assert sum(rendition.kind == "audio" for rendition in view.renditions) == 10


async def test_a_film_from_a_phone_held_upright_stands_upright(engines: Engines, tmp_path: Path) -> None:
    lying = a_film(tmp_path / "lying.mp4", size="640x360")
    view = await outcome(engines, turned(lying, tmp_path / "upright.mp4"))
    assert (view.state, view.width, view.height) == ("complete", 360, 640)


async def test_a_film_of_ten_hours_is_whole(engines: Engines, tmp_path: Path) -> None:
    hours = {"seconds": 36_000, "size": "64x64", "rate": "1/60", "sound": False}
    view = await outcome(engines, a_film(tmp_path / "hours.mp4", **hours))  # type: ignore[arg-type]
    assert (view.state, view.failure, round(view.duration)) == ("complete", "", 36_000)


async def test_a_film_of_high_dynamic_range_plays_in_ordinary_colours(engines: Engines, tmp_path: Path) -> None:
    colours = "-color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc"
    x265 = "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"
    bright = f"-c:v libx265 -x265-params {x265} -pix_fmt yuv420p10le {colours}"
    view = await outcome(engines, a_film(tmp_path / "bright.mkv", seconds=2, size="320x240", options=bright))
    assert (view.state, view.failure) == ("complete", "")
    assert {rendition.codec for rendition in view.renditions} == {"h264", "aac"}
