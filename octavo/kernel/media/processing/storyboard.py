"""The step that draws a complete film's storyboard. A film without one is still a film."""

from octavo.kernel.jobs import Run, job
from octavo.kernel.media import places
from octavo.kernel.media.encode import draw_storyboard, plan_storyboard
from octavo.kernel.media.encryption.files import readable
from octavo.kernel.media.processing.rows import MakeStoryboard
from octavo.kernel.media.processing.steps import MAX_STARTS, RETRY, Step, run_step
from octavo.kernel.media.processing.watch import watched
from octavo.kernel.media.storyboard.actions import keep_storyboard
from octavo.kernel.media.storyboard.queries import smallest_track

HOUR = 3600.0


@job("media.make_storyboard", queue="bulk", max_starts=MAX_STARTS, retry=RETRY, timeout=HOUR)
async def make_storyboard(run: Run, args: MakeStoryboard) -> None:
    """From the smallest rung, which costs a fraction of decoding the source and stands on the film's clock already."""

    async def work_on(step: Step) -> None:
        track = await smallest_track(run.ctx.db.main, args.asset_id)
        if track is None:
            return
        board = plan_storyboard(track.track_index)
        film = readable(run.ctx, args.asset_id, track.key_id, track.key, step.folder)
        async with film as path, watched(run, step.work) as watch:
            sheets = await draw_storyboard(path, step.folder, board, cancelled=watch.cancelled)
        stored = []
        for n, sheet in enumerate(sheets):
            key = places.sheet_key(args.asset_id, track.sha256[:32], n)
            stored.append(await step.publish(key, sheet))
        async with step.commit() as (tx, _):
            await keep_storyboard(tx, args.asset_id, board, stored)

    await run_step(run, args.asset_id, work_on, needed=False, reads_source=False)
