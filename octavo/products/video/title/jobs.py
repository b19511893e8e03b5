"""What titles do by themselves: end the grace of deleted ones."""

from datetime import timedelta

import msgspec

from octavo.kernel.jobs import Run, Schedule, job
from octavo.products.video.title import actions


class PurgeDeletedTitles(msgspec.Struct, frozen=True):
    """The sweep takes no arguments: what is due stands in the rows."""


@job("video.purge_deleted_titles", queue="default", timeout=300)
async def purge_deleted_titles(run: Run, args: PurgeDeletedTitles) -> None:
    """Removes the deleted titles that can no longer be restored. A sweep, so that one crash forgets no title."""
    await actions.purge_due_titles(run.ctx)


PURGE_SCHEDULE = Schedule(
    "video.purge_deleted_titles", every=timedelta(minutes=1), job=purge_deleted_titles, args=PurgeDeletedTitles()
)
