"""Receiving a body: what is in the row is on the disk, whenever it stops and for whatever reason."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterable, AsyncIterator
from datetime import timedelta

from msgspec.structs import replace

from octavo.kernel import clock
from octavo.kernel.context import Context
from octavo.kernel.http import ClientGone
from octavo.kernel.media.upload import rules
from octavo.kernel.media.upload.blocks import blocks
from octavo.kernel.media.upload.rows import Upload
from octavo.kernel.media.upload.spool import PART, Spool
from octavo.kernel.refusals import Gone, Refusal

# How much, or how long, a crash in the middle of a long body may lose.
SETTLE_BYTES = PART
SETTLE_SECONDS = 2.0


async def resume(ctx: Context, upload: Upload, spool: Spool) -> None:
    """Raises OffsetConflict where the disk has lost bytes that were once there; the sender then asks where to go on."""
    size = await asyncio.to_thread(spool.resume, upload.received)
    if size == upload.received:
        return
    async with ctx.db.main.transaction() as tx:
        await tx.execute("UPDATE media.upload SET received = $2 WHERE asset_id = $1", upload.asset_id, size)
        await tx.execute("DELETE FROM media.upload_part WHERE asset_id = $1 AND n >= $2", upload.asset_id, size // PART)
    rules.check_append(replace(upload, received=size), offset=upload.received, announced=None)


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
    """One request's bytes on their way into the spool, settled every 8 MiB, every two seconds, and at the end."""

    def __init__(self, ctx: Context, upload: Upload, spool: Spool) -> None:
        self._ctx = ctx
        self._upload = upload
        self._spool = spool
        self._settled = upload.received
        self._settled_at = time.monotonic()

    async def run(self, body: AsyncIterable[bytes]) -> int:
        """How many bytes of the upload are safe now."""
        try:
            async for block in arriving(self._ctx, body):
                rules.check_bound(self._upload, self._spool.size + len(block))
                await asyncio.to_thread(self._spool.append, block)
                if self._is_due():
                    await self._settle()
        except (ClientGone, Refusal):
            await self._settle()
            raise
        await self._settle()
        return self._settled

    def _is_due(self) -> bool:
        waiting = self._spool.unsettled
        return waiting >= SETTLE_BYTES or (waiting > 0 and time.monotonic() - self._settled_at >= SETTLE_SECONDS)

    async def _settle(self) -> None:
        """First the disk, then the row: the row never promises what the disk does not hold."""
        parts = await asyncio.to_thread(self._spool.settle)
        if self._spool.size == self._upload.length and (last := self._spool.last_part()):
            parts = [*parts, last]
        # A long body outlives the request's own `ctx.now` by hours.
        expires_at = clock.now() + timedelta(seconds=self._ctx.settings.media.upload_lifetime)
        async with self._ctx.db.main.transaction() as tx:
            moved = await tx.execute(
                "UPDATE media.upload SET received = $2, expires_at = $3 WHERE asset_id = $1 AND received = $4",
                self._upload.asset_id, self._spool.size, expires_at, self._settled,
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
        self._settled = self._spool.size
        self._settled_at = time.monotonic()
