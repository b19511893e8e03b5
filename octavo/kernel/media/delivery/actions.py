"""Granting playback: the signed addresses that one viewer plays an asset by."""

from datetime import timedelta

from octavo.kernel.context import Context
from octavo.kernel.media.asset.queries import find_asset
from octavo.kernel.media.asset.rows import Asset, AssetId
from octavo.kernel.media.asset.rules import poster_url
from octavo.kernel.media.delivery import tokens
from octavo.kernel.media.delivery.keys import playback_keys
from octavo.kernel.media.delivery.rows import Playback
from octavo.kernel.media.delivery.viewers import NOBODY, Viewer
from octavo.kernel.media.packaging.key_signals import LICENCE
from octavo.kernel.media.processing.jobs import play_ahead
from octavo.kernel.refusals import Conflict


class NotPlayable(Conflict):
    title = "This film cannot be played yet"


async def playback(ctx: Context, asset_id: AssetId, viewer: Viewer = NOBODY) -> Playback:
    """Addresses of the newest version, for a viewer who may watch: the caller knows. Raises NotFound, NotPlayable."""
    asset = await find_asset(ctx.db.main, asset_id)
    if not asset.manifest_version:
        raise NotPlayable(asset.failure or "The first pieces of this film are still being prepared.")
    if asset.state == "playable" and asset.first_played_at is None:
        await play_ahead(ctx, asset_id)
    return grant(ctx, asset, viewer)


def grant(ctx: Context, asset: Asset, viewer: Viewer = NOBODY) -> Playback:
    lifetime = timedelta(seconds=ctx.settings.media.playback_lifetime)
    expires_at = tokens.expiry(ctx.now, lifetime)
    key, to = playback_keys(ctx.settings)[0], ctx.settings.media.playback_bound_to
    token = tokens.sign(asset.asset_id, expires_at, key, viewer=viewer, to=to)
    folder = f"/play/{token}/{asset.asset_id}/{asset.manifest_version}"
    return Playback(
        hls_url=f"{folder}/master.m3u8",
        dash_url=f"{folder}/manifest.mpd" if asset.state == "complete" else "",
        licence_url=f"{folder}/{LICENCE}" if asset.encrypted else "",
        poster_url=poster_url(asset),
        version=asset.manifest_version,
        expires_at=expires_at,
    )
