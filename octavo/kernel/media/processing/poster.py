"""The step that makes the pictures which stand for a film."""

from octavo.kernel.jobs import Run, job
from octavo.kernel.media import places
from octavo.kernel.media.encode import extract_posters
from octavo.kernel.media.posters.actions import frame_of, keep_frames
from octavo.kernel.media.processing.rows import MakePoster
from octavo.kernel.media.processing.steps import MAX_STARTS, RETRY, Step, probed, run_step
from octavo.kernel.media.processing.watch import watched


@job("media.make_poster", queue="first", max_starts=MAX_STARTS, retry=RETRY)
async def make_poster(run: Run, args: MakePoster) -> None:
    """Pictures of the film to show for it. A film without one is still a film."""

    async def work_on(step: Step) -> None:
        async with watched(run, step.work) as watch:
            posters = await extract_posters(step.source, step.folder, probed(step), cancelled=watch.cancelled)
        frames = []
        for n, poster in enumerate(posters):
            stored = await step.publish(places.frame_key(args.asset_id, step.work.src_sha256, n), poster.path)
            frames.append(frame_of(run.ctx, args.asset_id, n, poster.at, stored))
        async with step.commit() as (tx, asset):
            await keep_frames(run.ctx, tx, asset, frames)

    await run_step(run, args.asset_id, work_on, needed=False)
