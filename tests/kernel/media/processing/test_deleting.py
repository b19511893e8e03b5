"""Deleting an asset at any moment: its work stops at once, and nothing of it stays."""

import signal
import threading
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from octavo.kernel.blobs import _local
from octavo.kernel.blobs._publish import publish
from octavo.kernel.context import Context, Engines
from octavo.kernel.film import SourceInfo, probe
from octavo.kernel.media import delete_asset
from octavo.kernel.media.garbage.actions import remove_asset_files
from octavo.kernel.media.places import asset_folder, work_folder
from octavo.kernel.media.processing import jobs
from tests.kernel.media.films import a_film
from tests.kernel.media.house import ENOUGH_SECONDS, a_person, eventually, settled, uploaded, view_of, working


def our_encoders() -> list[int]:
    """Running ffmpegs of this process."""
    found = []
    for child in psutil.Process().children(recursive=True):
        try:
            if "ffmpeg" in child.name() and child.status() != psutil.STATUS_ZOMBIE:
                found.append(child.pid)
        except psutil.NoSuchProcess:
            continue
    return found


async def an_encoder_runs() -> bool | None:
    return bool(our_encoders()) or None


async def no_encoder_runs() -> bool | None:
    return not our_encoders() or None


async def files_of(ctx: Context, asset_id: object) -> list[str]:
    return [blob.key async for blob in ctx.blobs.list(asset_folder(asset_id))]  # type: ignore[arg-type]


@pytest.mark.slow
async def test_deleting_stops_ffmpeg_and_leaves_nothing(engines: Engines, films: Path) -> None:
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, a_film(films / "long.mp4", seconds=90, size="1280x720"))
    async with working(engines):
        await settled(ctx, asset_id, "playable")
        await eventually(an_encoder_runs)
        for pid in our_encoders():
            with suppress(psutil.NoSuchProcess):
                psutil.Process(pid).send_signal(signal.SIGSTOP)  # it does not end by itself
        async with ctx.db.main.transaction() as tx:
            await delete_asset(ctx, tx, asset_id)
        assert await view_of(ctx, asset_id) is None
        await eventually(no_encoder_runs)

        async def nothing_waits() -> bool | None:
            return await ctx.db.main.value("SELECT count(*) FROM jobs.job WHERE state <> 'dead'") == 0 or None

        await eventually(nothing_waits)
    assert await files_of(ctx, asset_id) == []
    assert list(work_folder(ctx.blobs).iterdir()) == []
    for table in ("rendition", "chunk", "manifest", "upload"):
        assert await ctx.db.main.value(f"SELECT count(*) FROM media.{table}") == 0


async def test_a_piece_of_sound_on_its_way_into_the_store_is_taken_back(
    engines: Engines, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_its_way, may_arrive = threading.Event(), threading.Event()

    def slow(content: bytes | Path, target: Path, spool: Path, *, create_only: bool) -> None:
        if isinstance(content, Path) and content.name.startswith("stereo"):
            on_its_way.set()
            may_arrive.wait(ENOUGH_SECONDS)
        publish(content, target, spool, create_only=create_only)

    monkeypatch.setattr(_local, "publish", slow)
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, a_film(films / "film.mp4", seconds=120, size="160x90", rate="2"))

    async def waits_for(job: str) -> bool:
        return bool(await ctx.db.main.value("SELECT count(*) FROM jobs.job WHERE name = $1", job))

    async def sound_is_on_its_way() -> bool | None:
        return on_its_way.is_set() or None

    async def files_are_removed() -> bool | None:
        return not await waits_for("media.remove_files") or None

    async def the_step_has_ended() -> bool | None:
        return not await waits_for("media.encode_sound") or None

    async with working(engines):
        await eventually(sound_is_on_its_way)
        async with ctx.db.main.transaction() as tx:
            await delete_asset(ctx, tx, asset_id)
        await eventually(files_are_removed)
        await eventually(no_encoder_runs)
        assert await waits_for("media.encode_sound"), "it still waits for the store"
        may_arrive.set()
        await eventually(the_step_has_ended)
    assert await files_of(ctx, asset_id) == []


async def test_what_is_deleted_before_its_probe_is_never_probed(engines: Engines, short_film: Path) -> None:
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, short_film)
    async with ctx.db.main.transaction() as tx:
        await delete_asset(ctx, tx, asset_id)
    async with working(engines):

        async def nothing_waits() -> bool | None:
            return await ctx.db.main.value("SELECT count(*) FROM jobs.job") == 0 or None

        await eventually(nothing_waits)
    assert await files_of(ctx, asset_id) == []
    assert await ctx.db.main.value("SELECT state FROM media.asset") == "deleted"


async def test_what_is_deleted_while_it_is_probed_is_no_damaged_film(
    engines: Engines, short_film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, short_film)

    async def probe_too_late(source: Path) -> SourceInfo:
        async with ctx.db.main.transaction() as tx:
            await delete_asset(ctx, tx, asset_id)
        await remove_asset_files(ctx, asset_id)
        return await probe(source)

    monkeypatch.setattr(jobs, "probe", probe_too_late)
    async with working(engines, "first"):

        async def nothing_is_probed() -> bool | None:
            sql = "SELECT count(*) FROM jobs.job WHERE name = 'media.probe_source'"
            return await ctx.db.main.value(sql) == 0 or None

        await eventually(nothing_is_probed)
