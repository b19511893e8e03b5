"""A film as plain files: asked for by name, made once, whole and in step."""

import re
import subprocess
from pathlib import Path
from uuid import uuid4

import imageio_ffmpeg
import pytest

from octavo.kernel.context import Context, Engines
from octavo.kernel.film import probe
from octavo.kernel.media import Export, delete_asset, exports_of, offers_of, request_export
from octavo.kernel.media.export.queries import export_named, tracks_of
from octavo.kernel.media.export.rules import FilmNotWhole, NoSuchExport, best_progressive, offers
from octavo.kernel.media.renewal.actions import encode_anew
from octavo.kernel.refusals import NotFound
from tests.kernel.media.films import a_film, decode_errors
from tests.kernel.media.house import a_person, eventually, settled, uploaded, working

pytestmark = pytest.mark.slow
FRAME, SAMPLE = 1 / 24, 1024 / 48_000


async def made(ctx: Context, asset_id: object, name: str) -> Export:
    async def look() -> Export | None:
        found = await export_named(ctx.db.main, asset_id, name)  # type: ignore[arg-type]
        return found if found and found.state != "waiting" else None

    return await eventually(look)


def decoded(path: Path, stream: str) -> list[float]:
    """When each frame of a stream is shown, in seconds."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-copyts", "-i", str(path), "-map", f"0:{stream}:0"]
    told = subprocess.run([*command, "-f", "framecrc", "-"], check=True, capture_output=True, text=True).stdout
    numerator, denominator = map(int, re.findall(r"#tb 0: (\d+)/(\d+)", told)[0])
    rows = [line.split(",") for line in told.splitlines() if not line.startswith("#")]
    return [int(row[2]) * numerator / denominator for row in rows]


def boxes(path: Path) -> list[bytes]:
    """The kinds of the outermost boxes, in order."""
    content, at, kinds = path.read_bytes(), 0, []
    while at < len(content):
        kinds.append(content[at + 4 : at + 8])
        at += int.from_bytes(content[at : at + 4]) or len(content)
    return kinds


async def test_a_film_is_had_as_each_of_the_files_that_are_offered(engines: Engines, short_film: Path) -> None:
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, short_film)
    async with working(engines):
        await settled(ctx, asset_id)
        names = [offer.name for offer in await offers_of(ctx, asset_id)]
        assert names == ["360p.mp4", "240p.mp4", "360p.webm", "640x480.mp4"]
        for name in names:
            assert (await request_export(ctx, asset_id, name)).state == "waiting"
        files = {name: await made(ctx, asset_id, name) for name in names}
    assert {one.state for one in files.values()} == {"ready"}
    for name, size in {"360p.mp4": (640, 360), "240p.mp4": (426, 240), "360p.webm": (640, 360)}.items():
        async with ctx.blobs.local_copy(files[name].key) as path:
            film = await probe(path)
            assert (film.video.width, film.video.height) == size
            assert decode_errors(path) == ""
            pictures, sounds = decoded(path, "v"), decoded(path, "a")
            assert len(pictures) == 72  # three seconds of 24
            assert abs(pictures[0]) < 0.001
            assert pictures[-1] == pytest.approx(71 * FRAME, abs=0.002)
            assert abs(sounds[0] - pictures[0]) <= 0.022
            assert sounds[-1] + SAMPLE == pytest.approx(3, abs=0.03)
            if name.endswith(".mp4"):
                assert boxes(path)[:2] == [b"ftyp", b"moov"]
    async with ctx.blobs.local_copy(files["640x480.mp4"].key) as path:
        film = await probe(path)
        assert (film.video.width, film.video.height, film.video.pixel_aspect) == (640, 480, "1:1")
        assert len(decoded(path, "v")) == 72
    again = await request_export(ctx, asset_id, "360p.mp4")
    assert again == files["360p.mp4"]
    assert {one.name for one in await exports_of(ctx.db.main, asset_id)} == set(names)


async def test_a_film_without_sound_is_had_too(engines: Engines, tmp_path: Path) -> None:
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, a_film(tmp_path / "silent.mp4", seconds=1, sound=False))
    async with working(engines):
        await settled(ctx, asset_id)
        for name in ("360p.mp4", "640x480.mp4"):
            await request_export(ctx, asset_id, name)
            assert (await made(ctx, asset_id, name)).state == "ready"


async def test_files_are_called_by_the_lines_of_their_quality(engines: Engines) -> None:
    ctx, asset_id = a_person(engines), uuid4()
    for name, width, height in (("480p-3", 480, 854), ("240p-3", 240, 426)):
        await ctx.db.main.execute(
            """
            INSERT INTO media.rendition (asset_id, rendition, kind, position, codec, width, height, parameters, state)
            VALUES ($1, $2, 'video', 0, 'h264', $3, $4, '{}', 'ready')
            """,
            asset_id, name, width, height,
        )  # fmt: skip
    upright = offers(await tracks_of(ctx.db.main, asset_id), 480)
    assert [(one.name, one.lines, one.rung) for one in upright if one.form == "mp4"] == [
        ("480p.mp4", 480, "480p-3"),
        ("240p.mp4", 240, "240p-3"),
    ]
    assert best_progressive(upright, most_lines=480).rung == "480p-3"


async def test_what_cannot_be_had_is_refused(engines: Engines, short_film: Path) -> None:
    ctx = a_person(engines)
    with pytest.raises(NotFound):
        await request_export(ctx, uuid4(), "360p.mp4")
    asset_id = await uploaded(ctx, short_film)
    with pytest.raises(FilmNotWhole):
        await request_export(ctx, asset_id, "360p.mp4")
    async with working(engines):
        await settled(ctx, asset_id)
    with pytest.raises(NoSuchExport, match=r"there are 360p\.mp4"):
        await request_export(ctx, asset_id, "1080p.mp4")


async def test_an_export_that_the_film_is_encoded_anew_before_fails_and_can_be_asked_for_again(
    engines: Engines, short_film: Path
) -> None:
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, short_film)
    async with working(engines):
        await settled(ctx, asset_id)
    await request_export(ctx, asset_id, "240p.mp4")
    await encode_anew(ctx, asset_id)
    async with working(engines):
        assert (await made(ctx, asset_id, "240p.mp4")).state == "failed"
        await settled(ctx, asset_id)
        assert (await request_export(ctx, asset_id, "240p.mp4")).state == "waiting"
        assert (await made(ctx, asset_id, "240p.mp4")).state == "ready"


async def test_exports_go_with_their_film(engines: Engines, short_film: Path) -> None:
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, short_film)
    async with working(engines):
        await settled(ctx, asset_id)
        await request_export(ctx, asset_id, "240p.mp4")
        await made(ctx, asset_id, "240p.mp4")
        async with ctx.db.main.transaction() as tx:
            await delete_asset(ctx, tx, asset_id)

        async def gone() -> bool | None:
            left = [blob async for blob in ctx.blobs.list(f"media/{asset_id}")]
            return None if left or await exports_of(ctx.db.main, asset_id) else True

        assert await eventually(gone)
