"""A complete film whose files are damaged or lost is made whole again, and what cannot be is left and said."""

import io
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image

from octavo.kernel.context import Context, Engines
from octavo.kernel.media import keep_picture, keep_subtitle, store_picture, store_subtitles
from octavo.kernel.media.inspection.actions import mend
from octavo.kernel.media.inspection.walk import inspect
from octavo.kernel.media.subtitles.rows import SubtitleFile
from tests.kernel.media.house import a_person, eventually, settled, uploaded, working
from tests.kernel.media.inspection.test_inspection import found, source_of
from tests.kernel.media.processing.test_texts import with_texts


@pytest.mark.slow
async def test_every_file_of_a_complete_film_is_what_its_row_says(
    engines: Engines, short_film: Path, tmp_path: Path
) -> None:
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, with_texts(short_film, tmp_path / "texts.mkv"))
    async with working(engines):
        await settled(ctx, asset_id)
        poster = await eventually(lambda: poster_of(ctx, asset_id))
        [sheet] = await eventually(lambda: keys_in(ctx, "storyboard_sheet", 1))
        english, french = await eventually(lambda: keys_in(ctx, "subtitle", 2))
        assert found(await inspect(ctx, deep=True)) == set()
        await ctx.blobs.delete(sheet)
        [fault] = (await inspect(ctx)).faults
        assert (fault.place, (await mend(ctx, fault)).done) == (sheet, "is made again")
        assert await eventually(lambda: is_sound(ctx))
        tracks = await ctx.db.main.column("SELECT key FROM media.rendition WHERE asset_id = $1", asset_id)
        own = await an_own_picture(ctx, asset_id)
        brought = await own_subtitles(ctx, asset_id)
        for key in (own, sheet, english, brought):
            await ctx.blobs.delete(key)
        await ctx.blobs.put(french, b"WEBVTT")
        await ctx.blobs.put(poster, bytes((await ctx.blobs.head(poster)).size))  # type: ignore[union-attr]
        await ctx.blobs.put(tracks[0], b"no film")
        await ctx.blobs.delete(tracks[1])
        report = await inspect(ctx, deep=True)
        damaged = {("wrong hash", poster), ("wrong size", tracks[0]), ("wrong size", french)}
        lost = {("missing", key) for key in (own, sheet, english, brought, tracks[1])}
        assert found(report) == damaged | lost
        done = {fault.place: (await mend(ctx, fault)).done for fault in report.faults}
        assert done == {
            **dict.fromkeys((own, brought), "forgotten: its owner can bring it again"),
            **dict.fromkeys((*tracks[:2], sheet), "the film is encoded anew"),
            **dict.fromkeys((poster, english, french), "is made again"),
        }
        assert await eventually(lambda: is_sound(ctx))
        assert await keys_in(ctx, "subtitle", 2) == [english, french]


@pytest.mark.slow
async def test_what_cannot_be_made_again_is_left_as_it_is(engines: Engines, short_film: Path, tmp_path: Path) -> None:
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, with_texts(short_film, tmp_path / "texts.mkv"))
    async with working(engines):
        await settled(ctx, asset_id)
        english, _ = await eventually(lambda: keys_in(ctx, "subtitle", 2))
    source, brought = await source_of(ctx, asset_id), await own_subtitles(ctx, asset_id)
    await ctx.blobs.put(source, b"another film")
    await ctx.blobs.put(brought, b"WEBVTT")
    await ctx.blobs.delete(english)
    report = await inspect(ctx)
    assert found(report) == {("wrong size", source), ("wrong size", brought), ("missing", english)}
    assert {(await mend(ctx, fault)).done for fault in report.faults} == {""}


async def keys_in(ctx: Context, table: str, number: int) -> list[str] | None:
    """The keys in a table of media, once there are so many."""
    keys = await ctx.db.main.column(f"SELECT key FROM media.{table} ORDER BY key")
    return keys if len(keys) == number else None


async def own_subtitles(ctx: Context, asset_id: UUID) -> str:
    """The key of subtitles that their owner has brought."""
    content = b"1\n00:00:01,000 --> 00:00:02,000\nGuten Morgen\n"
    subtitle = await store_subtitles(ctx, asset_id, SubtitleFile(content=content, language="de"))
    async with ctx.db.main.transaction() as tx:
        await keep_subtitle(tx, subtitle)
    return subtitle.key


async def an_own_picture(ctx: Context, asset_id: UUID) -> str:
    """The key of a poster that its owner has brought."""
    file = io.BytesIO()
    Image.new("RGB", (64, 36)).save(file, "PNG")
    picture = await store_picture(ctx, asset_id, file.getvalue())
    async with ctx.db.main.transaction() as tx:
        await keep_picture(ctx, tx, picture)
    return picture.key


async def poster_of(ctx: Context, asset_id: UUID) -> str | None:
    """Once there is one."""
    return await ctx.db.main.value("SELECT nullif(poster_key, '') FROM media.asset WHERE asset_id = $1", asset_id)


async def is_sound(ctx: Context) -> bool | None:
    return not (await inspect(ctx, deep=True)).faults or None
