"""What crashes leave behind goes; what rows know, and what is too young to tell, stays."""

import os
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from octavo.kernel.context import Context, Engines
from octavo.kernel.ids import new_id
from octavo.kernel.media import delete_asset
from octavo.kernel.media.garbage.actions import remove_asset_files, sweep_strays
from octavo.kernel.media.places import asset_of, chunk_key, upload_spool, work_folder
from octavo.kernel.media.upload import actions as uploads
from octavo.kernel.media.upload.rows import UploadRequest
from tests.kernel.media.house import TESTED, a_person, uploaded


async def files(ctx: Context) -> set[str]:
    return {blob.key async for blob in ctx.blobs.list("media")}


def much_later(ctx: Context) -> Context:
    """When everything that lies there now is old enough to be a stray."""
    return replace(ctx, now=ctx.now + timedelta(seconds=ctx.settings.media.stray_age + 60))


async def test_files_that_no_row_knows_go_once_they_are_old(engines: Engines, short_film: Path) -> None:
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, short_film)
    known = await files(ctx)
    unfinished = chunk_key(asset_id, "0" * 32, 3)
    nobodys = chunk_key(new_id(), "0" * 32, 0)
    for key in (unfinished, nobodys):
        await ctx.blobs.put(key, b"published, but its commit never came")
    assert await sweep_strays(ctx) == 0
    assert await files(ctx) == known | {unfinished, nobodys}
    assert await sweep_strays(much_later(ctx)) == 2
    assert await files(ctx) == known


async def test_spools_and_work_folders_of_the_dead_go_too(engines: Engines) -> None:
    ctx = a_person(engines)
    alive = await uploads.open_upload(ctx, UploadRequest(TESTED.name, "film.mp4", "video/mp4", 100))
    spools = [upload_spool(ctx.blobs, asset_id) for asset_id in (alive.asset_id, new_id())]
    operators = spools[0].with_name("notes.txt")
    folder = work_folder(ctx.blobs) / "deadbeef-1"
    for path in (*spools, operators, folder / "chunk.mp4"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"some bytes")
    assert await sweep_strays(much_later(ctx)) == 2
    assert [path.exists() for path in (*spools, operators, folder)] == [True, False, True, False]


async def test_the_folder_of_a_long_step_stays_while_it_is_written_to(engines: Engines) -> None:
    ctx = a_person(engines)
    folder = work_folder(ctx.blobs) / "deadbeef-1"
    folder.mkdir(parents=True)
    (folder / "chunk.mp4").write_bytes(b"begun long ago")
    long_ago = ctx.now.timestamp() - ctx.settings.media.stray_age - 60
    os.utime(folder, (long_ago, long_ago))
    await sweep_strays(ctx)
    assert folder.exists()


async def test_the_folder_of_a_long_step_stays_while_something_in_it_is_removed(
    engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    ctx = a_person(engines)
    folder = work_folder(ctx.blobs) / "deadbeef-1"
    parts = [folder / "pictures", folder / "sounds"]
    for part in parts:
        part.mkdir(parents=True)
        (part / "chunk.mp4").write_bytes(b"begun long ago")
    long_ago = ctx.now.timestamp() - ctx.settings.media.stray_age - 60
    for path in (*folder.rglob("*"), folder):
        os.utime(path, (long_ago, long_ago))
    look = Path.stat

    def look_while_the_other_part_goes(path: Path, **options: bool) -> os.stat_result:
        if path.parent in parts:
            shutil.rmtree(parts[1 - parts.index(path.parent)], ignore_errors=True)
        return look(path, **options)

    monkeypatch.setattr(Path, "stat", look_while_the_other_part_goes)
    await sweep_strays(ctx)
    assert [part.exists() for part in parts].count(True) == 1


async def test_removing_a_deleted_asset_can_be_repeated(engines: Engines, short_film: Path) -> None:
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, short_film)
    async with ctx.db.main.transaction() as tx:
        await delete_asset(ctx, tx, asset_id)
    for _ in range(2):
        await remove_asset_files(ctx, asset_id)
    assert await files(ctx) == set()
    assert await ctx.db.main.value("SELECT filename FROM media.asset WHERE asset_id = $1", asset_id) == ""
    await sweep_strays(much_later(ctx))
    assert await ctx.db.main.value("SELECT count(*) FROM media.asset") == 0


def test_a_key_tells_whose_file_it_is() -> None:
    asset_id = new_id()
    assert asset_of(chunk_key(asset_id, "abc", 1)) == asset_id
    for foreign in ("media", "media/somewhere", f"{os.sep}media"):
        assert asset_of(foreign) is None
