"""The jobs of the watched folder: a look every few seconds, and one for each file that is taken in."""

from datetime import timedelta

from octavo.kernel.jobs import Backoff, Run, Schedule, enqueue, job
from octavo.kernel.media.upload.folder import actions
from octavo.kernel.media.upload.folder.rows import LookAround, TakeFile
from octavo.kernel.media.upload.storing import INTAKE

HOUR = 3600.0


@job("media.take_watched_file", queue=INTAKE, retry=Backoff(first=30.0), timeout=6 * HOUR)
async def take_watched_file(run: Run, args: TakeFile) -> None:
    """A file of the watched folder that has stopped growing becomes a film."""
    folder = run.ctx.settings.media.watch_folder
    if folder is not None:
        await actions.take_in(run.ctx, folder, args.file_id)


@job("media.watch_folder", queue=INTAKE, max_starts=1, timeout=HOUR)
async def watch_folder(run: Run, args: LookAround) -> None:
    """What has come into the watched folder."""
    folder = run.ctx.settings.media.watch_folder
    if folder is None:
        return
    settled = await actions.look_around(run.ctx, folder)
    async with run.ctx.db.main.transaction() as tx:
        for file_id in settled:
            await enqueue(tx, take_watched_file, TakeFile(file_id), key=str(file_id))


SCHEDULES = (Schedule("media.watch_folder", every=timedelta(seconds=10), job=watch_folder, args=LookAround()),)
