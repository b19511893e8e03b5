"""Progress as server-sent events: where an asset stands, told at once and whenever it moves."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace as renewed
from uuid import UUID

from msgspec.structs import replace

from octavo.kernel import clock
from octavo.kernel.context import Context
from octavo.kernel.http import ServerEvent
from octavo.kernel.media.asset.queries import asset_views, find_asset
from octavo.kernel.media.asset.rows import AssetView
from octavo.kernel.media.asset.rules import shown_to, topic
from octavo.kernel.media.delivery.actions import grant
from octavo.kernel.media.delivery.viewers import NOBODY, Viewer
from octavo.kernel.refusals import Unavailable

# Wake-ups may be lost, so everybody looks by themselves too: often while work is going on, seldom afterwards.
POLL_SECONDS, SETTLED_POLL_SECONDS = 1.0, 15.0
SHARED_SECONDS = 0.05


async def progress_stream(ctx: Context, asset_id: UUID, viewer: Viewer = NOBODY) -> AsyncGenerator[ServerEvent, None]:
    """`progress` with an AssetView, at once and at every change; `manifest` with one when a new version is out.

    The stream ends when the asset is deleted, after a `deleted` event. The caller has decided who may follow.
    """
    last: AssetView | None = None
    is_new = True  # perhaps newer than the look that is shared, so that another has to follow
    async with ctx.engines.signals.waiting(topic(asset_id)) as woken:
        while True:
            woken.clear()
            view = await _look(ctx, asset_id, last)
            if view is None:
                yield ServerEvent({"id": str(asset_id), "state": "deleted"}, "deleted")
                return
            view = shown_to(view, ctx.actor)
            if view != last:
                yield ServerEvent(view, "progress")
                if last is not None and view.manifest_version > last.manifest_version:
                    yield ServerEvent(await with_addresses(ctx, view, viewer), "manifest")
                last = view
            is_new = await _was_woken(woken, SHARED_SECONDS if is_new else _poll_seconds(view))


async def with_addresses(ctx: Context, view: AssetView, viewer: Viewer = NOBODY) -> AssetView:
    """The view with fresh playback addresses, for a viewer who may watch."""
    asset = await find_asset(ctx.db.main, view.id)
    if not asset.manifest_version:
        return view
    # The stream's own `ctx.now` is from its beginning, perhaps hours ago.
    playback = grant(renewed(ctx, now=clock.now()), asset, viewer)
    return replace(view, hls_url=playback.hls_url, dash_url=playback.dash_url)


async def _look(ctx: Context, asset_id: UUID, last: AssetView | None) -> AssetView | None:
    """A database that does not answer for a moment changes nothing for those who already follow."""

    async def load() -> AssetView | None:
        return (await asset_views(ctx.db.main, [asset_id])).get(asset_id)

    try:
        # All who follow one film are woken together, and one look serves them.
        return await ctx.engines.cache.get_or_load(f"media.view:{asset_id}", load, ttl=SHARED_SECONDS)
    except Unavailable:
        if last is None:
            raise
        return last


def _poll_seconds(view: AssetView) -> float:
    return SETTLED_POLL_SECONDS if view.state in ("complete", "failed") else POLL_SECONDS


async def _was_woken(woken: asyncio.Event, seconds: float) -> bool:
    """Whether something was told within that time."""
    try:
        async with asyncio.timeout(seconds):
            return await woken.wait()
    except TimeoutError:
        return False
