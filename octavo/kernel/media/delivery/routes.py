"""What players fetch: manifests, media and posters, at addresses that carry their own permission."""

import re
from functools import partial
from pathlib import Path, PurePosixPath
from urllib.parse import quote
from uuid import UUID

from msgspec import Struct

from octavo.kernel.context import Context
from octavo.kernel.http import Answer, BodyStream, Bytes, FileRange, Request, Router, granted, public
from octavo.kernel.media.delivery import manifests, origins, queries, rules, tokens
from octavo.kernel.media.delivery.keys import playback_keys
from octavo.kernel.media.delivery.rows import MediaFile
from octavo.kernel.media.delivery.text_parts import subtitle_part
from octavo.kernel.media.delivery.viewers import NOBODY, Viewer, viewer_of
from octavo.kernel.media.encryption import licences
from octavo.kernel.media.encryption.queries import content_key
from octavo.kernel.media.packaging.key_signals import LICENCE
from octavo.kernel.refusals import NotFound

NOT_KEPT = {"Cache-Control": "no-store"}
IMMUTABLE = "public, max-age=31536000, immutable"
# How long a deleted film's files may still be looked for; the files themselves are gone sooner.
FILE_SECONDS = 10.0
# How long a cache in front may believe that a token opens what it opens.
BELIEVED_SECONDS = 60

token_in_path = granted("playback token", "the handler verifies the signed token in the path")
play = Router("/play", product="media")


class NamedAs(Struct, frozen=True):
    """What the film is called by whoever gave out the address."""

    title: str = ""


_KEY = re.compile(r"([0-9a-f-]{36})\.key")
_TRACK = re.compile(r"([a-z0-9-]+)\.mp4")
_CHUNK = re.compile(r"([a-z0-9-]+)/(\d{4,6})\.mp4")
_TEXT = re.compile(r"([a-z0-9-]+)\.vtt")
_TEXT_PART = re.compile(r"([a-z0-9-]+)/(\d{1,9})-(\d{1,9})\.vtt")
_SHEET = re.compile(r"storyboard-(\d{1,4})\.jpg")
MEDIA_TYPES = {".mp4": "video/mp4", ".vtt": "text/vtt", ".jpg": "image/jpeg"}


@play.get("/poster/{asset_id}/{name}", access=public, shared_with=origins.shared_with, documented=False)
async def show_poster(ctx: Context, asset_id: UUID, name: str) -> FileRange:
    etag = name.removesuffix(".jpg")
    file = await queries.poster_file(ctx.db.main, asset_id, etag)
    return FileRange(await ctx.blobs.opened(file.key), content_type="image/jpeg", etag=etag, immutable=True)


@play.get("/{token}/{asset_id}/allowed", access=token_in_path, documented=False)
async def check_token(ctx: Context, request: Request, token: str, asset_id: UUID) -> Answer:
    """For caches in front, which keep a film once for all viewers: they ask whether each one's token opens it."""
    left = tokens.verify(token, asset_id, ctx.now, playback_keys(ctx.settings), viewer_of(request))
    return Answer(None, status=204, headers={"Cache-Control": f"max-age={min(left, BELIEVED_SECONDS)}"})


@play.get(
    "/{token}/{asset_id}/{version}/{name:path}", access=token_in_path, shared_with=origins.shared_with, documented=False
)
async def play_for(
    ctx: Context, request: Request, token: str, asset_id: UUID, version: int, name: str
) -> Bytes | FileRange | Answer:
    return await play_file(ctx, token, asset_id, version, name, viewer_of(request))


async def play_file(
    ctx: Context, token: str, asset_id: UUID, version: int, name: str, viewer: Viewer = NOBODY
) -> Bytes | FileRange | Answer:
    left = tokens.verify(token, asset_id, ctx.now, playback_keys(ctx.settings), viewer)
    ending = PurePosixPath(name).suffix
    if ending in (".m3u8", ".mpd") or name in (manifests.STORYBOARD, manifests.CHAPTERS):
        text = await manifests.manifest_text(ctx.db.main, ctx.engines.cache, asset_id, version, name)
        return Bytes(text.encode(), manifests.MEDIA_TYPES[ending], {"Cache-Control": "no-cache"})
    if match := _KEY.fullmatch(name):
        key = await content_key(ctx, asset_id, UUID(match[1]))
        return Bytes(key.secret, "application/octet-stream", NOT_KEPT)
    if match := _TEXT_PART.fullmatch(name):
        part = await subtitle_part(ctx, asset_id, version, match[1], int(match[2]), int(match[3]))
        return Bytes(part, MEDIA_TYPES[".vtt"], {"Cache-Control": "no-cache"})
    # A player asks for the same file many times, a range each; only the first asks the database.
    find = partial(_find_file, ctx, asset_id, version, name)
    file = await ctx.engines.cache.get_or_load(f"media.file:{asset_id}@{version}/{name}", find, ttl=FILE_SECONDS)
    # What is small comes from here: pages show pictures of their own origin only, and few requests are saved.
    # The store's address is signed for a while, and for this request: nobody keeps it.
    if ending == ".mp4" and (address := await ctx.blobs.address(file.key)):
        return Answer(None, status=307, headers={"Location": address, **NOT_KEPT})
    source = await ctx.blobs.opened(file.key)
    if ctx.settings.media.accel_redirect and isinstance(source, Path):
        return _sent_by_nginx(ctx, file, name)
    same_for = min(FILE_SECONDS, left) if tokens.is_for_everyone(token) and isinstance(source, Path) else 0.0
    etag = file.sha256[:32]
    return FileRange(source, content_type=MEDIA_TYPES[ending], etag=etag, immutable=True, same_for=same_for)


@play.post(
    "/{token}/{asset_id}/{version}/licence",
    access=token_in_path,
    shared_with=origins.shared_with,
    body_limit=licences.LARGEST_REQUEST,
    documented=False,
)
async def give_licence(
    ctx: Context, request: Request, token: str, asset_id: UUID, version: int, stream: BodyStream
) -> Answer:
    """The keys of an encrypted film, for players whose address opens it (W3C Clear Key)."""
    tokens.verify(token, asset_id, ctx.now, playback_keys(ctx.settings), viewer_of(request))
    licence = await licences.licence_for(ctx, asset_id, await stream.read())
    return Answer(licence, headers=NOT_KEPT)


@play.get("/{token}/{asset_id}/files/{name}", access=token_in_path, shared_with=origins.shared_with, documented=False)
async def keep_file(ctx: Context, request: Request, token: str, asset_id: UUID, name: str, query: NamedAs) -> FileRange:
    """To be kept and not to be shown, so no cache on the way holds it, and a store's own address would not name it."""
    tokens.verify(token, tokens.files_of(asset_id), ctx.now, playback_keys(ctx.settings), viewer_of(request))
    if name == rules.SOURCE:
        file = await queries.source_file(ctx.db.main, asset_id)
    else:
        file = await queries.export_file(ctx.db.main, asset_id, name)
    return FileRange(
        await ctx.blobs.opened(file.key),
        content_type=rules.content_type(name),
        etag=file.sha256[:32],
        download_as=rules.file_name(query.title, name, file.filename),
    )


@play.options("/{token}/{asset_id}/{version}/licence", access=public, shared_with=origins.shared_with, documented=False)
async def allow_licences(ctx: Context, request: Request, token: str, asset_id: UUID, version: int) -> Answer:
    return await allow_other_origins(ctx, request, token, asset_id, version, LICENCE)


@play.options(
    "/{token}/{asset_id}/{version}/{name:path}", access=public, shared_with=origins.shared_with, documented=False
)
async def allow_other_origins(
    ctx: Context, request: Request, token: str, asset_id: UUID, version: int, name: str
) -> Answer:
    """What a browser asks before it plays for a page of another site."""
    return Answer(None, status=204, headers=origins.preflight(ctx, request.header(b"origin") or ""))


def _sent_by_nginx(ctx: Context, file: MediaFile, name: str) -> Answer:
    """The address of the file inside the nginx in front, which sends it and its ranges by itself."""
    headers = {
        "X-Accel-Redirect": f"{ctx.settings.media.accel_redirect}/{quote(file.key)}",
        "Content-Type": rules.content_type(name),
        "Cache-Control": IMMUTABLE,
    }
    return Answer(None, status=200, headers=headers)


async def _find_file(ctx: Context, asset_id: UUID, version: int, name: str) -> MediaFile:
    if match := _TRACK.fullmatch(name):
        return await queries.track_file(ctx.db.main, asset_id, version, match[1])
    if match := _CHUNK.fullmatch(name):
        return await queries.chunk_file(ctx.db.main, asset_id, version, match[1], int(match[2]))
    if match := _TEXT.fullmatch(name):
        return await queries.text_file(ctx.db.main, asset_id, version, match[1], form="whole")
    if match := _SHEET.fullmatch(name):
        return await queries.sheet_file(ctx.db.main, asset_id, version, int(match[1]))
    raise NotFound("There is no such file here.")
