"""Opening a fetch: the address is looked at once, and what can be refused is refused at once."""

import asyncio

from octavo.kernel.context import Context
from octavo.kernel.ids import new_id
from octavo.kernel.jobs import enqueue
from octavo.kernel.media.purposes import NewAsset, purpose_named
from octavo.kernel.media.upload import rules
from octavo.kernel.media.upload.actions import admit, insert_upload, owner_of_new
from octavo.kernel.media.upload.fetching import rules as fetching_rules
from octavo.kernel.media.upload.fetching.jobs import fetch_source
from octavo.kernel.media.upload.fetching.rows import FetchRequest, FetchSource, Found
from octavo.kernel.media.upload.fetching.rules import AddressUnusable
from octavo.kernel.media.upload.receiving import check_disk
from octavo.kernel.media.upload.rows import UploadRequest
from octavo.kernel.outgoing import AddressRefused, Failed, outgoing

LOOKING_SECONDS = 15.0


async def open_fetch(ctx: Context, request: FetchRequest) -> NewAsset:
    """The asset whose file the server will fetch. Raises AddressUnusable, and all that opening an upload raises."""
    owner_id = owner_of_new(ctx)
    purpose = purpose_named(request.purpose)
    purpose.check_allowed(ctx)
    at = await _look(ctx, request)
    announced = UploadRequest(purpose.name, at.filename, at.filetype, at.length, belongs_to=request.belongs_to)
    rules.check_announced(announced, purpose, largest=ctx.settings.media.max_upload_bytes)
    check_disk(ctx, at.length)
    new = NewAsset(new_id(), owner_id, rules.safe_filename(at.filename), purpose.name, request.belongs_to)
    async with ctx.db.main.transaction() as tx:
        await admit(ctx, tx, purpose, new, at.length)
        await insert_upload(ctx, tx, new.asset_id, announced, url=request.url, validator=at.validator)
        await enqueue(tx, fetch_source, FetchSource(new.asset_id), key=f"{new.asset_id}:fetch")
    return new


async def _look(ctx: Context, request: FetchRequest) -> Found:
    """What the address holds, by the head of the answer to a GET: not every server answers a HEAD truly."""
    try:
        async with (
            asyncio.timeout(LOOKING_SECONDS),
            outgoing(ctx.engines).stream(request.url, silence=LOOKING_SECONDS) as answer,
        ):
            fetching_rules.check_status(answer.status, answer.url)
            return fetching_rules.found(answer.url, answer.headers, filename=request.filename)
    except AddressRefused as refused:
        # What the operator could set is nothing for whoever sits before the page.
        raise AddressUnusable(f"{str(refused).partition(';')[0].rstrip('.')}.") from refused
    except (Failed, TimeoutError) as failed:
        reason = str(failed) or f"No answer within {LOOKING_SECONDS:g} seconds."
        raise AddressUnusable(f"{fetching_rules.host_of(request.url)}: {reason}") from failed
