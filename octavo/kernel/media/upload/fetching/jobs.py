"""The job that fetches: it goes on where it stopped, gives up when that is hopeless, and then says why."""

from octavo.kernel.jobs import Backoff, GiveUp, Run, job
from octavo.kernel.media.upload.fetching.download import download
from octavo.kernel.media.upload.fetching.rows import FetchSource
from octavo.kernel.media.upload.fetching.rules import AddressUnusable
from octavo.kernel.media.upload.finishing import fail_upload
from octavo.kernel.media.upload.rules import UploadBusy
from octavo.kernel.media.upload.storing import INTAKE
from octavo.kernel.refusals import Refusal

DAY = 24 * 3600.0
MOST_STARTS = 8


@job(
    "media.fetch_source",
    queue=INTAKE,
    max_starts=MOST_STARTS,
    retry=Backoff(first=5.0, factor=3.0, longest=900.0),
    timeout=DAY,
)
async def fetch_source(run: Run, args: FetchSource) -> None:
    """A file from an address that somebody gave."""
    try:
        await download(run, args.asset_id)
    except UploadBusy:
        raise
    except Refusal as refusal:
        if run.starts < MOST_STARTS and not isinstance(refusal, AddressUnusable):
            raise
        async with run.ctx.db.main.transaction() as tx:
            await run.hold(tx)
            await fail_upload(run.ctx, tx, args.asset_id, refusal.detail)
        raise GiveUp(refusal.detail) from refusal
