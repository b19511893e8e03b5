"""Downloading: the bytes of a fetched upload, from where they stopped, as often as the line breaks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from msgspec.structs import replace

from octavo.kernel.context import Context
from octavo.kernel.jobs import Run
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.places import upload_spool
from octavo.kernel.media.upload import queries
from octavo.kernel.media.upload.fetching import rules
from octavo.kernel.media.upload.fetching.rules import AddressUnusable, SourceBroke
from octavo.kernel.media.upload.receiving import Receiving, resumed, rewind
from octavo.kernel.media.upload.rows import Upload
from octavo.kernel.media.upload.spool import Spool, locked_spool
from octavo.kernel.media.upload.storing import hand_over
from octavo.kernel.outgoing import AddressRefused, Failed, Stream, outgoing
from octavo.kernel.refusals import Gone

# Seconds between tries that bring nothing; whoever brings something is asked again at once.
PAUSES = (1.0, 3.0, 9.0, 27.0)


async def download(run: Run, asset_id: AssetId) -> None:
    """Raises AddressUnusable for good; SourceBroke, and what receiving refuses, where trying again may help."""
    ctx = run.ctx
    async with locked_spool(upload_spool(ctx.blobs, asset_id)) as spool:
        upload = await queries.find_upload(ctx.db.main, asset_id)
        if upload is None or upload.finished_at is not None:
            spool.path.unlink(missing_ok=True)
            return
        with suppress(Gone):  # its owner has ended it
            await hand_over(ctx, await _whole(run, await resumed(ctx, upload, spool), spool), spool)


async def _whole(run: Run, upload: Upload, spool: Spool) -> Upload:
    tries = 0
    while not upload.whole:
        before = upload.received
        broke: SourceBroke | None = None
        try:
            await _fetch_more(run, upload, spool)
        except SourceBroke as error:
            broke = error
        upload = replace(upload, received=spool.size)
        tries = 0 if upload.received > before else tries + 1
        if broke is not None and tries:
            if tries > len(PAUSES):
                raise broke
            await _pause(run, PAUSES[tries - 1])
    return upload


async def _fetch_more(run: Run, upload: Upload, spool: Spool) -> None:
    """One answer's worth. It may end early, which the caller sees by what has arrived."""
    ctx = run.ctx
    asked = rules.asked_from(upload.received, upload.validator)
    try:
        async with outgoing(ctx.engines).stream(
            upload.url, headers=asked, silence=ctx.settings.media.upload_stall
        ) as answer:
            rules.check_status(answer.status, answer.url)
            start = rules.continues_at(
                answer.status, answer.headers,
                received=upload.received, length=upload.length, validator=upload.validator,
            )  # fmt: skip
            if start != upload.received:
                upload = await _from_the_beginning(ctx, upload, spool)
            await Receiving(ctx, upload, spool).run(_arriving(run, answer))
    except AddressRefused as refused:
        raise AddressUnusable(str(refused)) from refused
    except Failed as failed:
        raise SourceBroke(f"{rules.host_of(upload.url)}: {failed}") from failed


async def _arriving(run: Run, answer: Stream) -> AsyncIterator[bytes]:
    """A broken line is a refusal to the receiver: it keeps what came before."""
    try:
        async for chunk in answer.body:
            run.check()
            yield chunk
    except Failed as failed:
        raise SourceBroke(str(failed)) from failed


async def _from_the_beginning(ctx: Context, upload: Upload, spool: Spool) -> Upload:
    await asyncio.to_thread(spool.resume, 0)
    await rewind(ctx, upload, 0)
    return replace(upload, received=0)


async def _pause(run: Run, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await run.lost.wait()
    run.check()
