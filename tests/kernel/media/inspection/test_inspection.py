"""What does not fit between rows, store and disk is found, called by its name, and mended where that loses nothing."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from octavo.kernel.blobs import open_blobs
from octavo.kernel.context import Context, Engines
from octavo.kernel.ids import new_id
from octavo.kernel.media import delete_asset
from octavo.kernel.media.inspection.actions import mend
from octavo.kernel.media.inspection.rows import Report
from octavo.kernel.media.inspection.walk import inspect
from octavo.kernel.media.places import chunk_key, export_key, track_key, upload_spool, work_folder
from octavo.kernel.media.upload import actions as uploads
from octavo.kernel.media.upload.rows import UploadRequest
from octavo.settings import Settings
from tests.harness.command_line import Type
from tests.kernel.blobs.stores import made_bucket, s3_settings
from tests.kernel.media.house import TESTED, a_person, uploaded

HASH = "0" * 32


@pytest.fixture(params=["local", pytest.param("s3", marks=pytest.mark.slow)])
def anywhere(request: pytest.FixtureRequest, engines: Engines, tmp_path: Path) -> Iterator[Engines]:
    """Engines over a local folder, and over a distant store."""
    if request.param == "local":
        yield engines
        return
    url = request.getfixturevalue("moto")
    settings: Settings = s3_settings(tmp_path / "distant", url, made_bucket(url))
    yield replace(engines, settings=settings, blobs=open_blobs(settings))


def much_later(ctx: Context) -> Context:
    return replace(ctx, now=ctx.now + timedelta(seconds=ctx.settings.media.stray_age + 60))


def found(report: Report) -> set[tuple[str, str]]:
    return {(fault.fault, fault.place) for fault in report.faults}


async def an_export(ctx: Context, asset_id: UUID, content: bytes, *, said: int | None = None) -> str:
    """A plain file of the film, as rows name it; `said` is its size there."""
    key = export_key(asset_id, HASH, "v360.mp4")
    await ctx.blobs.put(key, content)
    await ctx.db.main.execute(
        """
        INSERT INTO media.export (asset_id, name, state, key, sha256, bytes, requested_at)
        VALUES ($1, 'v360.mp4', 'ready', $2, 'feed', $3, $4)
        """,
        asset_id, key, len(content) if said is None else said, ctx.now,
    )  # fmt: skip
    return key


async def source_of(ctx: Context, asset_id: UUID) -> str:
    key: str = await ctx.db.main.value("SELECT source_key FROM media.asset WHERE asset_id = $1", asset_id)
    return key


async def test_where_all_is_well_nothing_is_found(anywhere: Engines, short_film: Path) -> None:
    ctx = a_person(anywhere)
    await uploaded(ctx, short_film)
    report = await inspect(ctx, deep=True, young=True)
    assert (report.assets, report.files, report.bytes, report.faults) == (1, 1, short_film.stat().st_size, [])


async def test_every_fault_of_the_store_has_its_name(anywhere: Engines, short_film: Path) -> None:
    ctx = a_person(anywhere)
    lost, wrong, small = [await uploaded(ctx, short_film) for _ in range(3)]
    keys = [await source_of(ctx, asset_id) for asset_id in (lost, wrong)]
    await ctx.blobs.delete(keys[0])
    await ctx.blobs.put(keys[1], short_film.read_bytes()[:-1] + b"?")
    export = await an_export(ctx, small, b"too little", said=11)
    stray, orphan = chunk_key(lost, HASH, 1), track_key(new_id(), HASH)
    for key in (stray, orphan, "media/notes.txt"):
        await ctx.blobs.put(key, b"?")
    expected = {("missing", keys[0]), ("wrong size", export)}
    assert found(await inspect(ctx)) - {("stray", "media/notes.txt")} == expected
    expected |= {("stray", stray), ("orphaned", orphan), ("stray", "media/notes.txt")}
    assert found(await inspect(ctx, young=True)) == expected
    assert found(await inspect(much_later(ctx))) == expected
    assert found(await inspect(much_later(ctx), deep=True)) == expected | {("wrong hash", keys[1])}


async def test_young_files_are_counted_and_not_called_stray(engines: Engines, short_film: Path) -> None:
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, short_film)
    for owner in (asset_id, new_id()):
        await ctx.blobs.put(chunk_key(owner, HASH, 1), b"published, and about to be committed")
    report = await inspect(ctx)
    assert (report.young, report.faults) == (2, [])


async def test_the_disk_of_this_machine_is_looked_at_too(engines: Engines) -> None:
    ctx = a_person(engines)
    cut = await uploads.open_upload(ctx, UploadRequest(TESTED.name, "film.mp4", "video/mp4", 100))
    await ctx.db.main.execute("UPDATE media.upload SET received = 10 WHERE asset_id = $1", cut.asset_id)
    left = upload_spool(ctx.blobs, new_id())
    folder = work_folder(ctx.blobs) / "deadbeef-1"
    for path in (upload_spool(ctx.blobs, cut.asset_id), left, folder / "chunk.mp4"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"nine byte")
    expected = {
        ("stray", f"uploads/{left.name}"),
        ("stray", f"work/{folder.name}"),
        ("short", f"uploads/{cut.asset_id}"),
    }
    report = await inspect(much_later(ctx))
    assert found(report) == expected
    done = [(await mend(ctx, fault)).done for fault in report.faults]
    assert sorted(done) == ["goes on at byte 0", "removed", "removed"]
    assert found(await inspect(much_later(ctx))) == set()


async def test_rows_without_their_asset_are_found_and_go(engines: Engines, short_film: Path) -> None:
    ctx = a_person(engines)
    nobodys = new_id()
    key = await an_export(ctx, nobodys, b"of nobody's film")
    report = await inspect(much_later(ctx))
    assert found(report) == {("orphaned", key), ("orphaned", "media.export")}
    for fault in report.faults:
        assert (await mend(ctx, fault)).done == "removed"
    assert found(await inspect(much_later(ctx))) == set()


async def test_a_film_that_is_just_being_deleted_is_no_fault(engines: Engines, short_film: Path) -> None:
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, short_film)
    async with ctx.db.main.transaction() as tx:
        await delete_asset(ctx, tx, asset_id)
    report = await inspect(ctx)
    assert report.faults == []


async def test_the_command_says_what_is_wrong_and_by_its_exit_code(
    engines: Engines, short_film: Path, octavo_media: Type
) -> None:
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, short_film)
    clean = await octavo_media("fsck", "--deep")
    assert (clean.exit_code, clean.stdout.count("nothing is wrong")) == (0, 1)
    key = await an_export(ctx, asset_id, b"some bytes", said=99)
    broken = await octavo_media("fsck")
    assert (broken.exit_code, f"wrong size: {key}" in broken.stdout) == (4, True)
    mended = await octavo_media("fsck", "--repair", "--json")
    assert mended.exit_code == 0
    assert [one["fault"]["place"] for one in json.loads(mended.stdout)["faults"]] == [key]
    assert (await octavo_media("fsck", "--deep", "--young")).exit_code == 0
    await ctx.blobs.delete(await source_of(ctx, asset_id))
    lost = await octavo_media("fsck", "--repair")
    assert (lost.exit_code, "left as it is" in lost.stdout) == (4, True)
    assert (await octavo_media("fsck", "--repair", "--young")).exit_code == 2
