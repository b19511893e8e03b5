"""The address that tus clients upload to."""

from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.http import Answer, BodyStream, Limit, Request, Router, public, signed_in
from octavo.kernel.media.upload import actions, tus

api = Router(tus.PATH, product="media")
# Forms of products count under the same name.
UPLOADS = Limit("media.uploads", 600, per=3600)


@api.options("", access=public, summary="What the upload service can do (tus 1.0)", status=204, headers=tus.RESUMABLE)
async def show_capabilities(ctx: Context) -> Answer:
    return Answer(None, status=204, headers=tus.capabilities(ctx.settings.media.max_upload_bytes))


@api.post(
    "",
    access=signed_in,
    summary="Begin an upload, with or without its first bytes (tus 1.0)",
    status=201,
    headers=tus.RESUMABLE,
    limit=UPLOADS,
)
async def create_upload(ctx: Context, headers: tus.TusHeaders, stream: BodyStream, request: Request) -> Answer:
    tus.check_version(headers)
    upload = await actions.open_upload(ctx, tus.creation(headers))
    if stream.length or headers.content_type:
        tus.check_content_type(headers)
        upload = await actions.receive(ctx, upload.asset_id, stream, offset=0, announced=stream.length)
    address = f"{request.public_url}{tus.PATH}/{upload.asset_id}"
    return Answer(None, status=201, headers=tus.creation_headers(upload, address))


@api.head("/{upload_id}", access=signed_in, summary="Where an upload stands (tus 1.0)", headers=tus.RESUMABLE)
async def show_upload(ctx: Context, upload_id: UUID, headers: tus.TusHeaders) -> Answer:
    tus.check_version(headers)
    upload = await actions.standing(ctx, upload_id)
    return Answer(None, status=200, headers={"Upload-Length": str(upload.length), **tus.progress_headers(upload)})


@api.patch(
    "/{upload_id}", access=signed_in, summary="Append bytes to an upload (tus 1.0)", status=204, headers=tus.RESUMABLE
)
async def append_to_upload(ctx: Context, upload_id: UUID, headers: tus.TusHeaders, stream: BodyStream) -> Answer:
    tus.check_version(headers)
    tus.check_content_type(headers)
    offset = tus.offset_of(headers)
    upload = await actions.receive(ctx, upload_id, stream, offset=offset, announced=stream.length)
    return Answer(None, status=204, headers=tus.progress_headers(upload))


@api.delete("/{upload_id}", access=signed_in, summary="End an upload (tus 1.0)", headers=tus.RESUMABLE)
async def end_upload(ctx: Context, upload_id: UUID, headers: tus.TusHeaders) -> None:
    tus.check_version(headers)
    await actions.end_upload(ctx, upload_id)
