"""Measuring how a film should be encoded, as part of a step."""

from octavo.kernel.jobs import Run
from octavo.kernel.media.encode import EncodeFailed, Rung, fitted_rungs, samples_of
from octavo.kernel.media.processing import queries
from octavo.kernel.media.processing.steps import Step, probed
from octavo.kernel.media.processing.watch import watched


async def measured_ladder(run: Run, step: Step) -> list[tuple[str, Rung]]:
    """The rungs by the names of their renditions. What cannot be measured stays as it was planned."""
    source = probed(step)
    plans = await queries.planned_rungs(run.ctx.db.main, step.work.asset_id)
    rungs = tuple(plan.parameters for plan in plans)
    async with watched(run, step.work) as watch:
        try:
            samples = samples_of(source)
            rungs = await fitted_rungs(step.source, step.folder, rungs, source, samples, cancelled=watch.cancelled)
        except EncodeFailed:
            pass  # if the film cannot be encoded either, its chunks say why
    return [(plan.rendition, rung) for plan, rung in zip(plans, rungs, strict=True)]
