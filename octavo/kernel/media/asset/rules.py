"""Pure decisions about assets: what a view shows, and which change of state is one."""

from collections.abc import Sequence

from msgspec.structs import replace

from octavo.kernel.context import Actor
from octavo.kernel.media.asset.rows import Asset, AssetId, AssetView, RenditionProgress, RenditionView

# Tracks of sound encode many times faster than pictures; they would only blur the bar.
_COUNTED = "video"


def view(asset: Asset, renditions: Sequence[RenditionProgress], *, arrived: float = 0.0) -> AssetView:
    """`arrived` is the share of its bytes that has come, while it is uploading."""
    return AssetView(
        id=asset.asset_id,
        owner_id=asset.owner_id,
        filename=asset.filename,
        state=asset.state,
        failure=asset.failure,
        size=asset.size,
        width=asset.width,
        height=asset.height,
        duration=asset.duration,
        poster_url=poster_url(asset),
        manifest_version=asset.manifest_version,
        progress=_progress(asset, renditions, arrived),
        renditions=[_rendition_view(rendition) for rendition in renditions],
    )


def shown_to(view: AssetView, viewer: Actor) -> AssetView:
    """The view without the name of the file, which only says something to the person on whose disk it lay."""
    return view if viewer.user_id == view.owner_id else replace(view, filename="")


def poster_url(asset: Asset) -> str:
    """An address that cannot be guessed and never changes its content, so that pages may show and cache it freely."""
    return f"/play/poster/{asset.asset_id}/{asset.poster_etag}.jpg" if asset.poster_etag else ""


def topic(asset_id: AssetId) -> str:
    """What is woken when an asset's progress moves or its work is to stop; see kernel.events."""
    return f"media.asset.{asset_id}"


def _rendition_view(row: RenditionProgress) -> RenditionView:
    return RenditionView(
        name=row.rendition,
        kind=row.kind,
        codec=row.codec,
        width=row.width,
        height=row.height,
        state=row.state,
        progress=round(row.progress, 3),
        bytes=row.bytes,
    )


def _progress(asset: Asset, renditions: Sequence[RenditionProgress], arrived: float) -> float:
    if asset.state == "uploading":
        return min(0.999, round(arrived, 3))
    return 1.0 if asset.state == "complete" else _overall(renditions)


def _overall(renditions: Sequence[RenditionProgress]) -> float:
    """Rungs weigh by their pixels, which is nearly what they cost."""
    counted = [rendition for rendition in renditions if rendition.kind == _COUNTED]
    weight = sum(rendition.width * rendition.height for rendition in counted)
    done = sum(rendition.width * rendition.height * rendition.progress for rendition in counted)
    # Only a complete asset is at 1: joining still follows the last chunk.
    return min(0.999, round(done / weight, 3)) if weight else 0.0
