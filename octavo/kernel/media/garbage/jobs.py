"""The jobs that throw away."""

from datetime import timedelta

from octavo.kernel.jobs import Run, Schedule, job
from octavo.kernel.media.garbage import actions
from octavo.kernel.media.garbage.rows import CollectChunks, RemoveFiles, Sweep


@job("media.remove_files", max_starts=20, timeout=3600)
async def remove_files(run: Run, args: RemoveFiles) -> None:
    """Everything of a deleted asset."""
    await actions.remove_asset_files(run.ctx, args.asset_id)


@job("media.collect_chunks", max_starts=20, timeout=3600)
async def collect_chunks(run: Run, args: CollectChunks) -> None:
    """The chunks and the replaced tracks of a complete asset, as soon as nobody plays them."""
    await actions.collect_chunks(run.ctx, args.asset_id)
    await actions.collect_replaced(run.ctx, args.asset_id)


@job("media.sweep_strays", timeout=3600)
async def sweep_strays(run: Run, args: Sweep) -> None:
    """What crashes left behind."""
    await actions.sweep_strays(run.ctx)


SCHEDULES = (Schedule("media.sweep_strays", every=timedelta(hours=1), job=sweep_strays, args=Sweep()),)
