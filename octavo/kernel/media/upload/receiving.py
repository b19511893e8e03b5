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
from octavo.kernel.media.upload.rows import PartHash, Upload
from octavo.kernel.media.upload.spool import PART, Spool
from octavo.kernel.refusals import Gone, Refusal

# How much, or how long, a crash in the middle of a long body may lose; twice that, while the disk is busy.
SETTLE_BYTES = 2 * PART
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
    """One request's bytes on their way into the spool, settled every 16 MiB, every two seconds, and at the end.

    More bytes are received while earlier ones are hashed and settle, one step ahead at most. With a checksum they count
    only at the end, once all of them are there and match it.
    """

    def __init__(self, ctx: Context, upload: Upload, spool: Spool, checksum: Checksum | None = None) -> None:
        self._ctx = ctx
        self._upload = upload
        self._spool = spool
        self._checksum = checksum
        self._settled = upload.received
        self._unsaved: list[PartHash] = []
        self._step_at, self._step_began = upload.received, time.monotonic()
        self._settling: asyncio.Task[None] | None = None
        self._taking: asyncio.Task[None] | None = None

    async def run(self, body: AsyncIterable[bytes]) -> int:
        """How many bytes of the upload are safe now."""
        try:
            await self._receive(body)
        except (ClientGone, Refusal):
            await self._stop()
            if self._checksum is None:
                await self._settle(*self._what_counts())
            else:
                await asyncio.to_thread(self._spool.resume, self._settled)
            raise
        finally:
            await self._stop()
        await self._settle(*self._what_counts())
        return self._settled

    async def _receive(self, body: AsyncIterable[bytes]) -> None:
        async for block in arriving(self._ctx, body):
            await self._await_taking()  # only then the spool says how far it is
            rules.check_bound(self._upload, self._spool.size + len(block))
            if self._is_due():
                await self._await_settling()
                self._step_at, self._step_began = self._spool.size, time.monotonic()
                # Of what waits for its checksum only the row's time moves: its sender is still there.
                counts = self._what_counts() if self._checksum is None else (self._settled, [])
                self._settling = asyncio.create_task(self._settle(*counts))
            self._taking = asyncio.create_task(asyncio.to_thread(self._take, block))
        await self._await_taking()
        await self._await_settling()
        if self._checksum is not None:
            self._checksum.verify()

    def _take(self, block: bytes) -> None:
        """In a thread: hashing lets the event loop go on."""
        if self._checksum is not None:
            self._checksum.update(block)
        self._spool.append(block)

    def _is_due(self) -> bool:
        waiting = self._spool.size - self._step_at
        return waiting >= SETTLE_BYTES or (waiting > 0 and time.monotonic() - self._step_began >= SETTLE_SECONDS)

    def _what_counts(self) -> tuple[int, list[PartHash]]:
        """All that was appended, and its parts that no row knows yet, be it because saving them has failed."""
        self._unsaved += self._spool.finished()
        whole = self._spool.size == self._upload.length
        last = self._spool.last_part() if whole else None
        return self._spool.size, [*self._unsaved, *([last] if last else [])]

    async def _settle(self, size: int, parts: list[PartHash]) -> None:
        """First the disk, then the row: the row never promises what the disk does not hold."""
        await asyncio.to_thread(self._spool.flush)
        # A long body outlives the request's own `ctx.now` by hours.
        expires_at = clock.now() + timedelta(seconds=self._ctx.settings.media.upload_lifetime)
        async with self._ctx.db.main.transaction() as tx:
            moved = await tx.execute(
                """
                UPDATE media.upload SET received = $2, expires_at = $3
                WHERE asset_id = $1 AND received BETWEEN $4 AND $2
                """,
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
        self._unsaved = [part for part in self._unsaved if part not in parts]

    async def _await_taking(self) -> None:
        """Raises what taking the block before raised."""
        taking, self._taking = self._taking, None
        if taking is not None:
            await taking

    async def _await_settling(self) -> None:
        """Raises what the step before raised."""
        settling, self._settling = self._settling, None
        if settling is not None:
            await settling

    async def _stop(self) -> None:
        """A request that ends leaves nothing behind that still works; whether it failed is told elsewhere."""
        left = [task for task in (self._taking, self._settling) if task is not None]
        self._taking = self._settling = None
        if left:
            await asyncio.wait(left)
            for task in left:
                task.exception()
