"""Writing posters: frames come with the film, owners bring their own and choose."""

import hashlib
from collections.abc import Sequence

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.ids import new_id
from octavo.kernel.media import places
from octavo.kernel.media.asset.queries import lock_asset
from octavo.kernel.media.asset.rows import Asset, AssetId
from octavo.kernel.media.events import AssetChanged, tell_change
from octavo.kernel.media.posters import queries, rules
from octavo.kernel.media.posters.picture import poster_of
from octavo.kernel.media.posters.rows import PosterChoice
from octavo.kernel.media.processing.actions import Stored

OWN = "own-"  # how the names of pictures begin that owners have brought


async def keep_frames(ctx: Context, tx: Transaction, asset: Asset, frames: Sequence[PosterChoice]) -> None:
    """The most telling first. It is shown unless the owner has chosen otherwise; the step may have run before."""
    await tx.execute("DELETE FROM media.poster WHERE asset_id = $1 AND origin = 'film'", asset.asset_id)
    for frame in frames:
        await _insert(tx, frame)
    shown = next((frame for frame in frames if frame.key == asset.poster_key), None)
    if shown or not await _is_own(tx, asset):
        await _show(ctx, tx, asset, shown or frames[0])


def frame_of(ctx: Context, asset_id: AssetId, n: int, at: float, file: Stored) -> PosterChoice:
    """The n-th of a film's telling frames."""
    return PosterChoice(
        asset_id=asset_id,
        name=f"frame-{n}",
        origin="film",
        at=at,
        key=file.key,
        sha256=file.sha256,
        bytes=file.bytes,
        created_at=ctx.now,
    )


async def store_picture(ctx: Context, asset_id: AssetId, content: bytes) -> PosterChoice:
    """An owner's picture, made into a poster. Raises BadPicture.

    Nothing knows of it until `keep_picture`; without that the sweep removes it.
    """
    made = await poster_of(content, places.work_folder(ctx.blobs))
    name = OWN + new_id().hex
    key = places.poster_key(asset_id, name)
    await ctx.blobs.put(key, made)
    return PosterChoice(
        asset_id=asset_id,
        name=name,
        origin="owner",
        at=0.0,
        key=key,
        sha256=hashlib.sha256(made).hexdigest(),
        bytes=len(made),
        created_at=ctx.now,
        chosen=True,
    )


async def keep_picture(ctx: Context, tx: Transaction, picture: PosterChoice) -> None:
    """Who brings a picture wants it to be shown. Raises PosterNotFound, TooManyPosters."""
    asset = await _locked(tx, picture.asset_id)
    if await queries.how_many_own(tx, picture.asset_id) >= rules.MOST_OWN:
        raise rules.TooManyPosters
    await _insert(tx, picture)
    await _show(ctx, tx, asset, picture)


async def choose_poster(ctx: Context, tx: Transaction, asset_id: AssetId, name: str) -> None:
    """Raises PosterNotFound."""
    asset = await _locked(tx, asset_id)
    await _show(ctx, tx, asset, await _named(tx, asset_id, name))


async def forget_poster(ctx: Context, tx: Transaction, asset_id: AssetId, name: str) -> str:
    """The key of its file, to be deleted once `tx` has committed; a frame is shown instead.

    Raises PosterNotFound, FrameStays.
    """
    asset = await _locked(tx, asset_id)
    picture = await _named(tx, asset_id, name)
    if picture.origin == "film":
        raise rules.FrameStays
    await tx.execute("DELETE FROM media.poster WHERE asset_id = $1 AND name = $2", asset_id, name)
    if picture.chosen:
        left = await queries.posters_of(tx, asset_id)
        await _show(ctx, tx, asset, left[0] if left else None)
    return picture.key


async def _locked(tx: Transaction, asset_id: AssetId) -> Asset:
    asset = await lock_asset(tx, asset_id)
    if asset is None or asset.state == "deleted":
        raise rules.PosterNotFound
    return asset


async def _named(tx: Transaction, asset_id: AssetId, name: str) -> PosterChoice:
    for picture in await queries.posters_of(tx, asset_id):
        if picture.name == name:
            return picture
    raise rules.PosterNotFound


async def _is_own(tx: Transaction, asset: Asset) -> bool:
    """Whether a picture is shown that the owner has brought."""
    sql = "SELECT EXISTS (SELECT 1 FROM media.poster WHERE asset_id = $1 AND key = $2 AND origin = 'owner')"
    own: bool = await tx.value(sql, asset.asset_id, asset.poster_key)
    return own


async def _insert(tx: Transaction, picture: PosterChoice) -> None:
    await tx.execute(
        """
        INSERT INTO media.poster (asset_id, name, origin, at, key, sha256, bytes, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        picture.asset_id, picture.name, picture.origin, picture.at, picture.key, picture.sha256, picture.bytes,
        picture.created_at,
    )  # fmt: skip


async def _show(ctx: Context, tx: Transaction, asset: Asset, picture: PosterChoice | None) -> None:
    await tx.execute(
        "UPDATE media.asset SET poster_key = $2, poster_etag = $3, changed_at = $4 WHERE asset_id = $1",
        asset.asset_id, picture.key if picture else "", picture.etag if picture else "", ctx.now,
    )  # fmt: skip
    await tell_change(tx, AssetChanged(asset.asset_id, asset.state, asset.manifest_version))
