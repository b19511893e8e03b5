"""Uploading by address: have the server fetch a file, and ask how far it is."""

from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.http import Router, signed_in
from octavo.kernel.media.upload import queries
from octavo.kernel.media.upload.fetching.opening import open_fetch
from octavo.kernel.media.upload.fetching.rows import Fetch, FetchRequest
from octavo.kernel.media.upload.routes import UPLOADS
from octavo.kernel.media.upload.rows import Upload

api = Router("/api/media/v1/fetches", product="media")


@api.post("", access=signed_in, status=202, idempotent=True, limit=UPLOADS, summary="Upload a file by its address")
async def fetch(ctx: Context, body: FetchRequest) -> Fetch:
    new = await open_fetch(ctx, body)
    return _fetch(await queries.upload_of(ctx.db.main, new.asset_id, ctx.actor.user_id))


@api.get("/{asset_id}", access=signed_in, summary="How far the server is with fetching a file")
async def read_fetch(ctx: Context, asset_id: UUID) -> Fetch:
    return _fetch(await queries.upload_of(ctx.db.main, asset_id, ctx.actor.user_id))


def _fetch(upload: Upload) -> Fetch:
    return Fetch(
        asset_id=upload.asset_id,
        length=upload.length,
        received=upload.received,
        finished=upload.finished_at is not None,
        expires_at=upload.expires_at,
    )
