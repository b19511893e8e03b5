"""Bytes that come with a checksum count once all of them match it, or not at all."""

import base64
import hashlib
import zlib
from collections.abc import AsyncIterator

import pytest

from octavo.kernel.context import Context, Engines
from octavo.kernel.http import ClientGone
from octavo.kernel.media.places import upload_spool
from octavo.kernel.media.upload import actions, queries
from octavo.kernel.media.upload.checksums import ALGORITHMS, ChecksumMismatch, read_checksum
from octavo.kernel.media.upload.rows import Upload, UploadRequest
from octavo.kernel.media.upload.spool import PART
from octavo.kernel.refusals import BadRequest
from tests.kernel.media.house import TESTED, a_person

CONTENT = bytes(range(256)) * 40_000 + b"the end"
KNOWN = {
    "sha1": lambda data: hashlib.sha1(data).digest(),
    "sha256": lambda data: hashlib.sha256(data).digest(),
    "sha512": lambda data: hashlib.sha512(data).digest(),
    "md5": lambda data: hashlib.md5(data).digest(),
    "crc32": lambda data: zlib.crc32(data).to_bytes(4, "big"),
}


def header(data: bytes, algorithm: str = "sha1") -> str:
    return f"{algorithm} {base64.b64encode(KNOWN[algorithm](data)).decode()}"


async def sent(data: bytes, *, breaks_off: bool = False) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 300_000):
        yield data[start : start + 300_000]
    if breaks_off:
        raise ClientGone


async def opened(ctx: Context) -> Upload:
    return await actions.open_upload(ctx, UploadRequest(TESTED.name, "film.mp4", "video/mp4", len(CONTENT)))


async def received(ctx: Context, upload: Upload, data: bytes, checksum: str, offset: int = 0) -> Upload:
    return await actions.receive(
        ctx, upload.asset_id, sent(data), offset=offset, announced=len(data), checksum=read_checksum(checksum)
    )


async def standing(ctx: Context, upload: Upload) -> tuple[int, int]:
    """Bytes that count, and bytes in the spool."""
    found = await queries.upload_of(ctx.db.main, upload.asset_id, ctx.actor.user_id)
    spool = upload_spool(ctx.blobs, upload.asset_id)
    return found.received, spool.stat().st_size if spool.exists() else 0


def test_all_that_is_announced_is_known_here() -> None:
    assert set(ALGORITHMS) == set(KNOWN)


@pytest.mark.parametrize("algorithm", KNOWN)
async def test_bytes_that_match_are_kept(engines: Engines, algorithm: str) -> None:
    ctx = a_person(engines)
    upload = await opened(ctx)
    middle = PART + 1234
    await received(ctx, upload, CONTENT[:middle], header(CONTENT[:middle], algorithm))
    upload = await received(ctx, upload, CONTENT[middle:], header(CONTENT[middle:], algorithm), middle)
    assert upload.finished_at is not None
    key = await ctx.db.main.value("SELECT source_key FROM media.asset WHERE asset_id = $1", upload.asset_id)
    assert await ctx.blobs.get(key) == CONTENT


@pytest.mark.parametrize("algorithm", KNOWN)
async def test_of_bytes_that_do_not_match_nothing_is_kept(engines: Engines, algorithm: str) -> None:
    ctx = a_person(engines)
    upload = await opened(ctx)
    with pytest.raises(ChecksumMismatch) as refused:
        await received(ctx, upload, CONTENT, header(CONTENT[1:], algorithm))
    assert refused.value.status == 460
    assert await standing(ctx, upload) == (0, 0)
    await received(ctx, upload, CONTENT, header(CONTENT, algorithm))
    assert await ctx.db.main.value("SELECT state FROM media.asset") == "uploaded"


async def test_what_came_before_a_bad_piece_stays(engines: Engines) -> None:
    ctx = a_person(engines)
    upload = await opened(ctx)
    await received(ctx, upload, CONTENT[:1000], header(CONTENT[:1000]))
    with pytest.raises(ChecksumMismatch):
        await received(ctx, upload, CONTENT[1000:], header(CONTENT), 1000)
    assert await standing(ctx, upload) == (1000, 1000)
    await received(ctx, upload, CONTENT[1000:], header(CONTENT[1000:]), 1000)
    parts = [hashlib.sha256(CONTENT[at : at + PART]).digest() for at in range(0, len(CONTENT), PART)]
    whole = hashlib.sha256(b"".join(parts)).hexdigest()
    assert await ctx.db.main.value("SELECT src_sha256 FROM media.asset") == whole


async def test_of_a_piece_that_breaks_off_nothing_is_kept_because_nothing_is_known_of_it(engines: Engines) -> None:
    ctx = a_person(engines)
    upload = await opened(ctx)
    body = sent(CONTENT[:-1], breaks_off=True)
    with pytest.raises(ClientGone):
        await actions.receive(
            ctx, upload.asset_id, body, offset=0, announced=None, checksum=read_checksum(header(CONTENT))
        )
    assert await standing(ctx, upload) == (0, 0)


@pytest.mark.parametrize(
    "announced", ["sha3 AAAA", "sha1", "sha1 AAAA", "sha1 not-base64!", "SHA1 AAAA", header(b"x")[:-8]]
)
def test_a_checksum_that_cannot_be_read_is_refused(announced: str) -> None:
    with pytest.raises(BadRequest):
        read_checksum(announced)
