"""Chapters out of a source, checked, kept in order, and written for players."""

import pytest

from octavo.kernel.context import Context
from octavo.kernel.film import Chapter as SourceChapter
from octavo.kernel.film import FrameRate, SourceInfo, VideoTrack
from octavo.kernel.ids import new_id
from octavo.kernel.media import BadChapters, Chapter, NewAsset, chapters_of, delete_asset, replace_chapters
from octavo.kernel.media.asset.actions import insert_asset
from octavo.kernel.media.chapters.actions import take_over_chapters
from octavo.kernel.media.chapters.rules import FilmGone, chapters_of_source, checked
from octavo.kernel.media.chapters.webvtt import webvtt_chapters
from octavo.kernel.media.garbage.actions import remove_asset_files
from tests.kernel.media.house import a_person

A_PICTURE = VideoTrack(
    index=0, codec="h264", width=64, height=64, frame_rate=FrameRate(25), variable_rate=False, start=7.5,
    rotation=0, pixel_aspect="1:1", bit_depth=8, hdr="", interlaced=False,
)  # fmt: skip


def a_source(*chapters: SourceChapter) -> SourceInfo:
    return SourceInfo("matroska", 100.0, 1, A_PICTURE, chapters=chapters)


def test_chapters_of_a_source_stand_on_the_films_clock() -> None:
    source = a_source(
        SourceChapter(47.5, 60, "  The\nriver "),
        SourceChapter(7, 20, ""),
        SourceChapter(20, 47.5, "A" * 300),
        SourceChapter(200, 300, "After the end"),
    )
    assert chapters_of_source(source) == [
        Chapter(0, "Chapter 2"), Chapter(12_500, "A" * 120), Chapter(40_000, "The river"),
    ]  # fmt: skip


def test_a_single_chapter_says_nothing() -> None:
    assert chapters_of_source(a_source(SourceChapter(0, 100, "All of it"))) == []


@pytest.mark.parametrize(
    ("chapters", "place", "problem"),
    [
        ([Chapter(-1, "Early")], 1, "before the film"),
        ([Chapter(0, "Start"), Chapter(100_000, "Late")], 2, "after the film"),
        ([Chapter(5, "One"), Chapter(5, "Two")], 2, "same time"),
        ([Chapter(0, " \n ")], 1, "needs a title"),
        ([Chapter(0, "A" * 121)], 1, "120 characters"),
        ([Chapter(n, "Many") for n in range(501)], 501, "at most 500"),
    ],
)
def test_bad_chapters_are_refused_with_their_place(chapters: list[Chapter], place: int, problem: str) -> None:
    with pytest.raises(BadChapters, match=problem) as refused:
        checked(chapters, 100.0)
    assert refused.value.place == place


def test_players_read_them_as_a_webvtt_track() -> None:
    written = webvtt_chapters([Chapter(0, "Up & away <now>"), Chapter(61_500, "Home")], 90.25)
    assert written == (
        "WEBVTT\n\n00:00:00.000 --> 00:01:01.500\nUp &amp; away &lt;now&gt;\n\n00:01:01.500 --> 00:01:30.250\nHome\n"
    )
    assert webvtt_chapters([], 90.0) == "WEBVTT\n"


async def test_the_owners_chapters_stay_whatever_the_source_says_and_go_with_the_film(ctx: Context) -> None:
    ctx = a_person(ctx.engines)
    asset_id = new_id()
    assert ctx.actor.user_id is not None
    async with ctx.db.main.transaction() as tx:
        await insert_asset(ctx, tx, NewAsset(asset_id, ctx.actor.user_id, "film.mkv", "test.film"), 1)
        await replace_chapters(tx, asset_id, [Chapter(9_000, "Mine"), Chapter(0, "First")])
        await take_over_chapters(tx, asset_id, a_source(SourceChapter(8, 9, "Its"), SourceChapter(9, 10, "Own")))
    assert await chapters_of(ctx.db.main, asset_id) == [Chapter(0, "First"), Chapter(9_000, "Mine")]
    async with ctx.db.main.transaction() as tx:
        await delete_asset(ctx, tx, asset_id)
    await remove_asset_files(ctx, asset_id)
    assert await chapters_of(ctx.db.main, asset_id) == []
    async with ctx.db.main.transaction() as tx:
        with pytest.raises(FilmGone):
            await replace_chapters(tx, asset_id, [])
