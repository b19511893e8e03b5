"""What media does by itself: it is counted, and files go that a crash left alone or their message wanted forgotten."""

from datetime import timedelta
from uuid import UUID

import msgspec

from octavo.kernel.context import Context
from octavo.kernel.jobs import Run, Schedule, job
from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.media.actions import forget_media
from octavo.products.comms.media.queries import media_of, stored_ids
from octavo.products.comms.media.storage import count_storage

FOLDER = "comms/media"
LEFT_ALONE = timedelta(days=1)  # its row may still be on its way
BATCH = 500


class SweepMedia(msgspec.Struct, frozen=True):
    """The sweep takes no arguments: what is to go is seen by looking."""


@job("comms.sweep_media", queue="default", timeout=3600)
async def sweep_media(run: Run, args: SweepMedia) -> None:
    """Bytes are stored before their row, and deleted after it: a crash between the two leaves bytes alone."""
    batch: list[tuple[UUID, UUID, str]] = []
    async for blob in run.ctx.blobs.list(FOLDER):
        if blob.modified < run.ctx.now - LEFT_ALONE:
            account, _, name = blob.key.removeprefix(f"{FOLDER}/").partition("/")
            batch.append((UUID(account), UUID(name), blob.key))
        if len(batch) >= BATCH:
            await _sweep(run.ctx, batch)
            batch.clear()
            run.check()
    await _sweep(run.ctx, batch)


async def _sweep(ctx: Context, batch: list[tuple[UUID, UUID, str]]) -> None:
    kept = await stored_ids(ctx.db.main, [(account, media) for account, media, _ in batch]) if batch else set()
    for _, media, key in batch:
        if media not in kept:
            await ctx.blobs.delete(key)


class ForgetFiles(msgspec.Struct, frozen=True):
    """Of which message."""

    account_id: UUID
    message_id: UUID


@job("comms.forget_files", queue="default", timeout=300)
async def forget_files(run: Run, args: ForgetFiles) -> None:
    """The files of a message that has gone out and asked that nothing of it is kept."""
    async with run.ctx.db.main.transaction() as tx:
        files = await media_of(tx, AccountId(args.account_id), args.message_id)
        await forget_media(tx, files)
        await tx.execute(
            "UPDATE comms.message SET media_urls = '{}' WHERE account_id = $1 AND id = $2",
            args.account_id,
            args.message_id,
        )
    for one in files:
        await run.ctx.blobs.delete(one.key)


class CountStorage(msgspec.Struct, frozen=True):
    """No arguments: all that is stored is counted."""


@job("comms.count_storage", queue="default", timeout=300)
async def count_media_storage(run: Run, args: CountStorage) -> None:
    """Counts what the files of each account take today, with its price."""
    await count_storage(run.ctx)


COUNT_SCHEDULE = Schedule("comms.count_storage", every=timedelta(hours=6), job=count_media_storage, args=CountStorage())
SWEEP_SCHEDULE = Schedule("comms.sweep_media", every=timedelta(hours=6), job=sweep_media, args=SweepMedia())
