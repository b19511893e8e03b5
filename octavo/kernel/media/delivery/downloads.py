"""Downloads: the files of a film that one viewer may keep, at addresses of their own that end."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

from octavo.kernel.context import Context
from octavo.kernel.media.asset.queries import find_asset
from octavo.kernel.media.asset.rows import Asset, AssetId
from octavo.kernel.media.delivery import rules, tokens
from octavo.kernel.media.delivery.keys import playback_keys
from octavo.kernel.media.delivery.rows import Download, Downloads
from octavo.kernel.media.delivery.viewers import NOBODY, Viewer
from octavo.kernel.media.export.queries import exports_of, tracks_of
from octavo.kernel.media.export.rows import Export, Offer
from octavo.kernel.media.export.rules import offers


async def downloads_of(ctx: Context, asset_id: AssetId, viewer: Viewer = NOBODY, *, title: str) -> Downloads:
    """All there is for a viewer who may keep it: the caller knows. `title` names the files. Raises NotFound."""
    asset = await find_asset(ctx.db.main, asset_id)
    expires_at = tokens.expiry(ctx.now, timedelta(seconds=ctx.settings.media.playback_lifetime))
    key, to = playback_keys(ctx.settings)[0], ctx.settings.media.playback_bound_to
    token = tokens.sign(tokens.files_of(asset_id), expires_at, key, viewer=viewer, to=to)
    folder, query = f"/play/{token}/{asset_id}/files", f"?title={quote(title, safe='')}"
    files = list(_source(asset, f"{folder}/{rules.SOURCE}{query}"))
    if asset.state == "complete" and not asset.encrypted:
        made = {export.name: export for export in await exports_of(ctx.db.main, asset_id)}
        tracks = await tracks_of(ctx.db.main, asset_id)
        files += [
            _export(offer, made.get(offer.name), f"{folder}/{offer.name}{query}")
            for offer in offers(tracks, min(asset.width, asset.height) or 480)
        ]
    return Downloads(files, expires_at)


def _source(asset: Asset, address: str) -> Iterator[Download]:
    if asset.source_key:
        yield Download(
            name=rules.SOURCE,
            form="source",
            lines=min(asset.width, asset.height),
            content_type=rules.content_type(rules.SOURCE),
            state="ready",
            progress=1.0,
            bytes=asset.size,
            url=address,
        )


def _export(offer: Offer, made: Export | None, address: str) -> Download:
    return Download(
        name=offer.name,
        form=offer.form,
        lines=offer.lines,
        content_type=offer.content_type,
        state=made.state if made else "offered",
        failure=made.failure if made else "",
        progress=round(made.progress, 3) if made else 0.0,
        bytes=made.bytes if made else 0,
        url=address if made and made.state == "ready" else "",
    )
