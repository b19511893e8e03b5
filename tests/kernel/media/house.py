"""Media as its tests meet it: a purpose to upload for, a person who uploads, and a worker that works."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from octavo.kernel.clock import now
from octavo.kernel.context import Actor, Context, Engines
from octavo.kernel.db import Transaction
from octavo.kernel.ids import new_id
from octavo.kernel.jobs import Worker
from octavo.kernel.media import AssetView, NewAsset, Purpose, asset_views, receive_whole, register_purposes
from octavo.kernel.media.module import MODULE
from tests.kernel.jobs.working import with_settings

T = TypeVar("T")
QUEUES = ("default", "intake", "first", "bulk")
ENOUGH_SECONDS = 240.0


async def _nothing_beside(ctx: Context, tx: Transaction, new: NewAsset) -> None:
    """The purpose of these tests has no rows of its own."""


TESTED = Purpose(name="test.film", accepts=("video/*",), created=_nothing_beside, max_size=1 << 30)
register_purposes([TESTED])


def a_person(engines: Engines) -> Context:
    return Context(Actor(user_id=new_id(), name="ada", roles=frozenset({"user"})), now(), engines)


async def bytes_of(path: Path, size: int = 1 << 16) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(size):
            yield chunk


async def uploaded(ctx: Context, film: Path) -> UUID:
    """The film's asset, its bytes stored and its probe enqueued."""
    new = await receive_whole(ctx, bytes_of(film), film.name, TESTED.name)
    return new.asset_id


@asynccontextmanager
async def working(engines: Engines, *queues: str) -> AsyncIterator[None]:
    """A worker for media's jobs in these queues, or in all, until the block ends: what it began has ended by then."""
    stopping = asyncio.Event()
    worker = Worker(
        with_settings(engines, shutdown_seconds=60.0), MODULE.jobs, queues or QUEUES, {"first": 2, "bulk": 1}
    )
    task = asyncio.create_task(worker.run(stopping))
    try:
        yield
    finally:
        stopping.set()
        await task


async def view_of(ctx: Context, asset_id: UUID) -> AssetView | None:
    return (await asset_views(ctx.db.main, [asset_id])).get(asset_id)


async def settled(ctx: Context, asset_id: UUID, *states: str) -> AssetView:
    """The view, once the asset is in one of the states (complete or failed)."""
    wanted = states or ("complete", "failed")

    async def look() -> AssetView | None:
        view = await view_of(ctx, asset_id)
        return view if view and view.state in wanted else None

    return await eventually(look)


async def eventually(look: Callable[[], Awaitable[T | None]], seconds: float = ENOUGH_SECONDS) -> T:
    """What `look` finds, as soon as it finds something."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while (found := await look()) is None:
                await asyncio.sleep(0.05)
            return found
    raise AssertionError(f"nothing came within {seconds:g} seconds")
