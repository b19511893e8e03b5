"""The address that tus clients upload to."""

from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.http import Answer, BodyStream, ClientGone, Limit, Request, Router, public, signed_in
from octavo.kernel.media.upload import actions, tus
from octavo.kernel.media.upload.checksums import read_checksum
from octavo.kernel.media.upload.joining.opening import open_joined
from octavo.kernel.media.upload.rows import PARTIAL, Upload, UploadRequest
from octavo.kernel.refusals import BadRequest, Refusal

api = Router(tus.PATH, product="media")
# Forms of products count under the same name.
UPLOADS = Limit("media.uploads", 600, per=3600)


@api.options("", access=public, summary="What the upload service can do (tus 1.0)", status=204, headers=tus.RESUMABLE)
async def show_capabilities(ctx: Context) -> Answer:
    return Answer(None, status=204, headers=tus.capabilities(ctx.settings.media.max_upload_bytes))


@api.post(
    "",
    access=signed_in,
    summary="Begin an upload, with or without its first bytes, a part of one, or join parts (tus 1.0)",
    status=201,
    headers=tus.RESUMABLE,
    limit=UPLOADS,
)
async def create_upload(ctx: Context, headers: tus.TusHeaders, stream: BodyStream, request: Request) -> Answer:
    tus.check_version(headers)
    tus.check_concat(headers.upload_concat)
    announced = tus.creation(headers)
    if headers.upload_concat.startswith(tus.FINAL):
        upload = await open_joined(ctx, announced, headers.upload_concat, tus.parts_of_final(headers.upload_concat))
    else:
        upload = await _begin(ctx, announced, headers, stream)
    address = f"{request.public_url}{tus.PATH}/{upload.asset_id}"
    return Answer(None, status=201, headers=tus.creation_headers(upload, address))


async def _begin(ctx: Context, announced: UploadRequest, headers: tus.TusHeaders, stream: BodyStream) -> Upload:
    """Who hears of a refusal, or of nothing, never learns the upload's address: it would only take up room."""
    checksum = read_checksum(headers.upload_checksum)
    brings_bytes = bool(stream.length or headers.content_type)
    if brings_bytes:
        tus.check_content_type(headers)
    open_it = actions.open_part if headers.upload_concat == PARTIAL else actions.open_upload
    upload = await open_it(ctx, announced)
    if not brings_bytes:
        return upload
    try:
        return await actions.receive(ctx, upload.asset_id, stream, offset=0, announced=stream.length, checksum=checksum)
    except (Refusal, ClientGone):
        await actions.end_upload(ctx, upload.asset_id)
        raise


@api.head("/{upload_id}", access=signed_in, summary="Where an upload stands (tus 1.0)", headers=tus.RESUMABLE)
async def show_upload(ctx: Context, upload_id: UUID, headers: tus.TusHeaders) -> Answer:
    tus.check_version(headers)
    return Answer(None, status=200, headers=tus.standing_headers(await actions.standing(ctx, upload_id)))


@api.patch(
    "/{upload_id}", access=signed_in, summary="Append bytes to an upload (tus 1.0)", status=204, headers=tus.RESUMABLE
)
async def append_to_upload(ctx: Context, upload_id: UUID, headers: tus.TusHeaders, stream: BodyStream) -> Answer:
    tus.check_version(headers)
    tus.check_content_type(headers)
    offset, checksum = tus.offset_of(headers), read_checksum(headers.upload_checksum)
    upload = await actions.receive(ctx, upload_id, stream, offset=offset, announced=stream.length, checksum=checksum)
    return Answer(None, status=204, headers=tus.progress_headers(upload))


@api.delete("/{upload_id}", access=signed_in, summary="End an upload (tus 1.0)", headers=tus.RESUMABLE)
async def end_upload(ctx: Context, upload_id: UUID, headers: tus.TusHeaders) -> None:
    tus.check_version(headers)
    await actions.end_upload(ctx, upload_id)


@api.post(
    "/{upload_id}",
    access=signed_in,
    summary="PATCH or DELETE for clients that cannot send them: X-HTTP-Method-Override says which (tus 1.0)",
    status=204,
    headers=tus.RESUMABLE,
)
async def override_method(ctx: Context, upload_id: UUID, headers: tus.TusHeaders, stream: BodyStream) -> Answer | None:
    meant = headers.x_http_method_override.upper()
    if meant == "PATCH":
        return await append_to_upload(ctx, upload_id, headers, stream)
    if meant == "DELETE":
        await end_upload(ctx, upload_id, headers)
        return None
    raise BadRequest("Send PATCH or DELETE, or say in X-HTTP-Method-Override which is meant.")
