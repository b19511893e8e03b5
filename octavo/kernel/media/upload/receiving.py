"""Receiving a body: what is in the row is on the disk, whenever it stops and for whatever reason."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterable, AsyncIterator
from datetime import timedelta

from msgspec.structs import replace

from octavo.kernel import clock
from octavo.kernel.context import Context
from octavo.kernel.events import wake_after
from octavo.kernel.http import ClientGone
from octavo.kernel.media.asset.rules import topic
from octavo.kernel.media.upload import rules
from octavo.kernel.media.upload.blocks import blocks
from octavo.kernel.media.upload.checksums import Checksum
from octavo.kernel.media.upload.rows import Upload
from octavo.kernel.media.upload.spool import PART, Spool
from octavo.kernel.refusals import Gone, Refusal

# How much, or how long, a crash in the middle of a long body may lose.
SETTLE_BYTES = PART
SETTLE_SECONDS = 2.0


async def resumed(ctx: Context, upload: Upload, spool: Spool) -> Upload:
    """The upload as the spool can go on with it: further back where the disk has lost bytes that were once there."""
    size = await asyncio.to_thread(spool.resume, upload.received)
    if size != upload.received:
        await rewind(ctx, upload, size)
    return replace(upload, received=size)


async def rewind(ctx: Context, upload: Upload, size: int) -> None:
    """From now on the row promises `size` bytes, which is a whole number of parts."""
    async with ctx.db.main.transaction() as tx:
        await tx.execute("UPDATE media.upload SET received = $2 WHERE asset_id = $1", upload.asset_id, size)
        await tx.execute("DELETE FROM media.upload_part WHERE asset_id = $1 AND n >= $2", upload.asset_id, size // PART)


async def arriving(ctx: Context, body: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The body in blocks, as long as the disk has room: uploads that each fitted when they began share what is left."""
    async for block in blocks(body, stall=ctx.settings.media.upload_stall):
        check_disk(ctx, len(block))
        yield block


def check_disk(ctx: Context, length: int) -> None:
    """Raises StorageFull where so many bytes would leave less room than the settings keep free."""
    ctx.blobs.spool_dir.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(ctx.blobs.spool_dir).free
    rules.check_disk(length, free=free, kept_free=ctx.settings.media.free_disk_bytes)


class Receiving:
    """One request's bytes on their way into the spool, settled every 8 MiB, every two seconds, and at the end.

    With a checksum they count only at the end, once all of them are there and match it.
    """

    def __init__(self, ctx: Context, upload: Upload, spool: Spool, checksum: Checksum | None = None) -> None:
        self._ctx = ctx
        self._upload = upload
        self._spool = spool
        self._checksum = checksum
        self._settled = upload.received
        self._settled_at = time.monotonic()

    async def run(self, body: AsyncIterable[bytes]) -> int:
        """How many bytes of the upload are safe now."""
        try:
            async for block in arriving(self._ctx, body):
                rules.check_bound(self._upload, self._spool.size + len(block))
                await asyncio.to_thread(self._take, block)
                if self._is_due():
                    await self._settle(counts=self._checksum is None)
            if self._checksum is not None:
                self._checksum.verify()
        except (ClientGone, Refusal):
            if self._checksum is None:
                await self._settle()
            else:
                await asyncio.to_thread(self._spool.resume, self._settled)
            raise
        await self._settle()
        return self._settled

    def _take(self, block: bytes) -> None:
        """In a thread: hashing lets the event loop go on."""
        if self._checksum is not None:
            self._checksum.update(block)
        self._spool.append(block)

    def _is_due(self) -> bool:
        waiting = self._spool.unsettled
        return waiting >= SETTLE_BYTES or (waiting > 0 and time.monotonic() - self._settled_at >= SETTLE_SECONDS)

    async def _settle(self, *, counts: bool = True) -> None:
        """First the disk, then the row: the row never promises what the disk does not hold.

        What does not count yet only shows that the sender is still there.
        """
        if counts:
            parts = await asyncio.to_thread(self._spool.settle)
            if self._spool.size == self._upload.length and (last := self._spool.last_part()):
                parts = [*parts, last]
        else:
            parts = []
            await asyncio.to_thread(self._spool.flush)
        size = self._spool.size if counts else self._settled
        # A long body outlives the request's own `ctx.now` by hours.
        expires_at = clock.now() + timedelta(seconds=self._ctx.settings.media.upload_lifetime)
        async with self._ctx.db.main.transaction() as tx:
            moved = await tx.execute(
                "UPDATE media.upload SET received = $2, expires_at = $3 WHERE asset_id = $1 AND received = $4",
                self._upload.asset_id, size, expires_at, self._settled,
            )  # fmt: skip
            if not moved:
                raise Gone("This upload was ended.")
            await tx.execute_many(
                """
                INSERT INTO media.upload_part (asset_id, n, sha256) VALUES ($1, $2, $3)
                ON CONFLICT (asset_id, n) DO UPDATE SET sha256 = $3
                """,
                [(self._upload.asset_id, part.n, part.sha256) for part in parts],
            )
            wake_after(tx, topic(self._upload.asset_id))
        self._settled = size
        self._settled_at = time.monotonic()
