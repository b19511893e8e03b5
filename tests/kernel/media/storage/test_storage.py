"""The storage report adds up what is there, each file once, and nothing of what is deleted."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from octavo.kernel.context import Context, Engines
from octavo.kernel.media import delete_asset
from octavo.kernel.media.storage.queries import storage_report
from tests.harness.command_line import Type
from tests.kernel.media.house import a_person, uploaded


async def a_track(ctx: Context, asset_id: UUID, name: str, key: str, size: int) -> None:
    await ctx.db.main.execute(
        """
        INSERT INTO media.rendition (asset_id, rendition, kind, position, codec, parameters, state, key, bytes)
        VALUES ($1, $2, 'video', 0, 'h264', $3, 'ready', $4, $5)
        """,
        asset_id, name, {"lines": 480}, key, size,
    )  # fmt: skip


async def test_each_file_counts_once_under_its_kind_its_person_and_its_month(
    engines: Engines, short_film: Path
) -> None:
    ada, ben = a_person(engines), a_person(engines)
    size = short_film.stat().st_size
    films = [await uploaded(ctx, short_film) for ctx in (ada, ada, ben)]
    for name in ("480p", "480p-3"):  # two encodings of the same bytes
        await a_track(ada, films[0], name, "media/one", 1000)
    earlier = "UPDATE media.asset SET created_at = '2026-01-31T12:00:00Z' WHERE asset_id = $1"
    await ada.db.main.execute(earlier, films[2])
    report = await storage_report(ada, people=10)
    assert {(kind.kind, kind.rung): (kind.files, kind.bytes) for kind in report.kinds} == {
        ("source", ""): (3, 3 * size),
        ("track", "480p"): (1, 1000),
    }
    assert [(one.owner_id, one.films, one.uploaded, one.made) for one in report.people] == [
        (ada.actor.user_id, 2, 2 * size, 1000),
        (ben.actor.user_id, 1, size, 0),
    ]
    assert [(month.films, month.bytes) for month in report.months] == [(1, size), (2, 2 * size + 1000)]
    assert report.months[0].month == "2026-01"
    assert report.bytes == 3 * size + 1000


async def test_deleted_films_take_no_room(engines: Engines, short_film: Path) -> None:
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, short_film)
    async with ctx.db.main.transaction() as tx:
        await delete_asset(replace(ctx, now=ctx.now + timedelta(seconds=1)), tx, asset_id)
    report = await storage_report(ctx, people=10)
    assert (report.kinds, report.people, report.months, report.bytes) == ([], [], [], 0)


async def test_the_command_says_so_in_words_and_as_json(engines: Engines, short_film: Path, octavo_media: Type) -> None:
    assert (await octavo_media("storage")).exit_code == 0  # before there is anything
    await uploaded(a_person(engines), short_film)
    told = await octavo_media("storage")
    assert (told.exit_code, "for 1 film" in told.stdout, "source" in told.stdout) == (0, True, True)
    assert json.loads((await octavo_media("storage", "--json")).stdout)["bytes"] == short_film.stat().st_size
