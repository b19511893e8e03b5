"""kill -9 of a worker in the middle of its work: the same files in the end, nothing twice, nothing left over."""

import hashlib
import time
from pathlib import Path
from uuid import UUID

import psutil
import pytest

from octavo.kernel.context import Context, Engines
from octavo.kernel.media.places import asset_folder, work_folder
from tests.kernel.media.house import a_person, eventually, settled, uploaded
from tests.kernel.media.mortal import a_worker

pytestmark = [pytest.mark.slow, pytest.mark.long]  # tests/faults kills whole processes in the plain run
WORKER = "tests.kernel.media.processing.worker_process"
# Seconds after its start at which each worker dies: while it probes, at the first chunks, and among the others.
MOMENTS = (1.0, 2.0, 3.5, 6.0)


def kill_in_the_middle(engines: Engines, moment: float) -> None:
    """Its ffmpegs die with it."""
    with a_worker(engines, WORKER) as process:
        time.sleep(moment)
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.wait()
    _, alive = psutil.wait_procs(children, timeout=60)
    assert not alive


async def hashes_of(ctx: Context, asset_id: UUID) -> dict[str, str]:
    """The content of every track, and what its row says of it."""
    found = {}
    for name in await ctx.db.main.column("SELECT rendition FROM media.rendition WHERE asset_id = $1", asset_id):
        sql = "SELECT {} FROM media.rendition WHERE asset_id = $1 AND rendition = $2"
        key, told = [await ctx.db.main.value(sql.format(column), asset_id, name) for column in ("key", "sha256")]
        found[name] = hashlib.sha256(await ctx.blobs.get(key)).hexdigest()
        assert found[name] == told
    return found


async def stored_files(ctx: Context, asset_id: UUID) -> list[str]:
    """Names only: the folder is the asset's own."""
    return sorted([blob.key.partition(f"{asset_id}/")[2] async for blob in ctx.blobs.list(asset_folder(asset_id))])


async def test_killed_workers_end_in_the_same_files_as_one_that_lived(engines: Engines, longer_film: Path) -> None:
    ctx = a_person(engines)
    killed = await uploaded(ctx, longer_film)
    for moment in MOMENTS:
        kill_in_the_middle(engines, moment)
    undisturbed = await uploaded(ctx, longer_film)
    with a_worker(engines, WORKER):
        assert (await settled(ctx, killed)).state == "complete"
        assert (await settled(ctx, undisturbed)).state == "complete"

        async def all_done() -> bool | None:
            waiting = "SELECT count(*) FROM jobs.job WHERE state = 'running' OR due < now()"
            # A step is done a moment before its worker has tidied up after it.
            tidied = list(work_folder(ctx.blobs).iterdir()) == []
            return (await ctx.db.main.value(waiting) == 0 and tidied) or None

        await eventually(all_done)
    assert await hashes_of(ctx, killed) == await hashes_of(ctx, undisturbed)
    assert await stored_files(ctx, killed) == await stored_files(ctx, undisturbed)
    assert await ctx.db.main.value("SELECT count(*) FROM jobs.job WHERE state = 'dead'") == 0
