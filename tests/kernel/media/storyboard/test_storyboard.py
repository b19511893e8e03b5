"""A complete film has small pictures for the bar of time: the right ones in the right places, in every form."""

import re
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import av
import pytest

from octavo.kernel.context import Context, Engines
from octavo.kernel.http import FileRange
from octavo.kernel.media import delete_asset, playback
from octavo.kernel.media.encode import plan_storyboard
from octavo.kernel.media.garbage.actions import remove_asset_files
from octavo.kernel.media.packaging import Storyboard, dash_manifest, webvtt_storyboard
from octavo.kernel.media.storyboard.queries import storyboard_of
from tests.kernel.media.delivery.test_playing import fetched, text_of
from tests.kernel.media.films import a_film
from tests.kernel.media.house import a_person, eventually, settled, uploaded, working
from tests.kernel.media.packaging.tracks import a_video_track, an_index

BOARD = Storyboard(2, 27, 5, 5, 160, 90, seconds=53.5, bytes=80_000)
MPD = {"mpd": "urn:mpeg:dash:schema:mpd:2011"}
# Each second of the film is of one light: the seconds can be told from its small pictures.
STEPS = "color=gray:size=640x360:rate=24:duration=30,geq=lum='16+floor(T)*7':cb=128:cr=128"


def test_every_tile_has_its_time_and_its_place() -> None:
    cues = webvtt_storyboard(BOARD).strip().split("\n\n")[1:]
    assert len(cues) == 27
    assert cues[0] == "00:00:00.000 --> 00:00:02.000\nstoryboard-0.jpg#xywh=0,0,160,90"
    assert cues[6] == "00:00:12.000 --> 00:00:14.000\nstoryboard-0.jpg#xywh=160,90,160,90"
    assert cues[26] == "00:00:52.000 --> 00:00:53.500\nstoryboard-1.jpg#xywh=160,0,160,90"
    assert webvtt_storyboard(None).strip() == "WEBVTT"


def test_dash_knows_the_sheets_as_tiles() -> None:
    root = ElementTree.fromstring(dash_manifest([a_video_track(an_index([4], [1000]), ended=True)], (), BOARD))
    group = root.find(".//mpd:AdaptationSet[@contentType='image']", MPD)
    assert group is not None
    [template, tiles] = group
    assert (template.get("media"), template.get("duration")) == ("storyboard-$Number$.jpg", "50")
    assert (tiles.get("width"), tiles.get("height"), tiles[0].get("value")) == ("800", "450", "5x5")


@pytest.mark.parametrize(("seconds", "interval", "tiles"), [(0.5, 1, 1), (30, 1, 30), (301, 2, 151), (7200, 24, 300)])
def test_long_films_have_pictures_farther_apart(seconds: float, interval: int, tiles: int) -> None:
    board = plan_storyboard(an_index([seconds], [1000]))
    assert (board.interval, board.tiles) == (interval, tiles)
    assert (board.width, board.height) == (160, 90)


@pytest.mark.slow
async def test_a_complete_film_has_its_storyboard_until_it_is_deleted(engines: Engines, tmp_path: Path) -> None:
    ctx = a_person(engines)
    film = a_film(tmp_path / "steps.mp4", picture=STEPS, seconds=30)
    asset_id = await uploaded(ctx, film)
    async with working(engines):
        assert (await settled(ctx, asset_id)).state == "complete"

        async def look() -> Storyboard | None:
            return await storyboard_of(ctx.db.main, asset_id)

        board = await eventually(look)
    assert (board.interval, board.tiles, board.sheets) == (1, 30, 2)
    granted = await playback(ctx, asset_id)
    assert "thumbnail_tile" in await text_of(ctx, granted.dash_url)
    folder = granted.hls_url.rpartition("/")[0]
    await _each_tile_shows_its_second(ctx, folder, board)
    async with ctx.db.main.transaction() as tx:
        await delete_asset(ctx, tx, asset_id)
    await remove_asset_files(ctx, asset_id)
    assert await storyboard_of(ctx.db.main, asset_id) is None
    assert [blob.key async for blob in ctx.blobs.list(f"media/{asset_id}")] == []


async def _each_tile_shows_its_second(ctx: Context, folder: str, board: Storyboard) -> None:
    places = re.findall(r"(storyboard-\d+\.jpg)#xywh=(\d+),(\d+),", await text_of(ctx, f"{folder}/storyboard.vtt"))
    assert len(places) == board.tiles
    sheets = {name: await _gray(ctx, f"{folder}/{name}") for name in {name for name, _, _ in places}}
    for second, (name, left, top) in enumerate(places):
        seen = sheets[name][int(top) + board.height // 2][int(left) + board.width // 2]
        expected = second * 7 * 255 / 219
        assert seen == pytest.approx(expected, abs=4), f"at second {second}"


async def _gray(ctx: Context, address: str) -> list[bytes]:
    """The lights of a sheet, row by row."""
    file = await fetched(ctx, address)
    assert isinstance(file, FileRange)
    assert isinstance(file.source, Path)
    assert file.content_type == "image/jpeg"
    with av.open(BytesIO(file.source.read_bytes())) as picture:
        frame = next(picture.decode(picture.streams.video[0])).reformat(format="gray")
    lights, width = bytes(frame.planes[0]), frame.planes[0].line_size
    return [lights[row * width : row * width + frame.width] for row in range(frame.height)]
