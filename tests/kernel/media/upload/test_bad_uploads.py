"""Senders that do wrong get a clear refusal, and nothing is lost by it: the right bytes still make the whole file."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from octavo.kernel.context import Context, Engines
from octavo.kernel.media.inspection.walk import inspect
from octavo.kernel.media.places import upload_spool
from octavo.kernel.media.upload import actions, rules
from octavo.kernel.media.upload.checksums import ChecksumMismatch, read_checksum
from octavo.kernel.media.upload.rows import Upload, UploadRequest
from octavo.kernel.media.upload.spool import PART, locked_spool
from octavo.kernel.refusals import Invalid, Refusal, TooLarge
from tests.kernel.media.house import TESTED, a_person, view_of

CONTENT = os.urandom(PART + 4321)
BEGUN = 1000  # bytes that came before anything went wrong
OTHERS_CHECKSUM = "sha256 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="  # that of no bytes at all
Wrong = Callable[[Context, Upload], Awaitable[None]]


async def opened(ctx: Context, *, length: int = len(CONTENT), filename: str = "film.mp4") -> Upload:
    return await actions.open_upload(ctx, UploadRequest(TESTED.name, filename, "video/mp4", length))


async def send(ctx: Context, upload: Upload, data: bytes, offset: int, checksum: str = "") -> Upload:
    async def body() -> AsyncIterator[bytes]:
        for start in range(0, len(data), 1 << 20):
            yield data[start : start + (1 << 20)]

    return await actions.receive(
        ctx,
        upload.asset_id,
        body(),
        offset=offset,
        announced=None,
        checksum=read_checksum(checksum) if checksum else None,
    )


async def send_too_much(ctx: Context, upload: Upload) -> None:
    await send(ctx, upload, CONTENT[BEGUN:] + b"and more", BEGUN)


async def send_from_elsewhere(ctx: Context, upload: Upload) -> None:
    await send(ctx, upload, CONTENT[2 * BEGUN :], 2 * BEGUN)


async def send_what_came_before_again(ctx: Context, upload: Upload) -> None:
    await send(ctx, upload, CONTENT, 0)


async def send_with_a_wrong_checksum(ctx: Context, upload: Upload) -> None:
    await send(ctx, upload, CONTENT[BEGUN:], BEGUN, OTHERS_CHECKSUM)


async def send_while_another_sends(ctx: Context, upload: Upload) -> None:
    async with locked_spool(upload_spool(ctx.blobs, upload.asset_id)):
        await send(ctx, upload, CONTENT[BEGUN:], BEGUN)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (send_too_much, TooLarge),
        (send_from_elsewhere, rules.OffsetConflict),
        (send_what_came_before_again, rules.OffsetConflict),
        (send_with_a_wrong_checksum, ChecksumMismatch),
        (send_while_another_sends, rules.UploadBusy),
    ],
)
async def test_who_sends_it_rightly_afterwards_has_the_whole_file(
    engines: Engines, wrong: Wrong, refusal: type[Refusal]
) -> None:
    ctx = a_person(engines)
    upload = await send(ctx, await opened(ctx), CONTENT[:BEGUN], 0)
    with pytest.raises(refusal) as told:
        await wrong(ctx, upload)
    assert told.value.detail.endswith((".", "!")), "a sentence for a person"
    stands = await actions.standing(ctx, upload.asset_id)
    if not stands.whole:
        stands = await send(ctx, stands, CONTENT[stands.received :], stands.received)
    await is_stored(ctx, upload)


async def test_a_file_shorter_than_claimed_waits_for_the_rest(engines: Engines) -> None:
    ctx = a_person(engines)
    upload = await send(ctx, await opened(ctx, length=len(CONTENT) + 1), CONTENT, 0)
    view = await view_of(ctx, upload.asset_id)
    assert view is not None
    assert (upload.whole, view.state) == (False, "uploading")
    assert (await inspect(ctx, deep=True, young=True)).faults == []


async def test_a_file_of_no_bytes_is_refused_and_leaves_nothing(engines: Engines) -> None:
    ctx = a_person(engines)
    with pytest.raises(Invalid):
        await opened(ctx, length=0)
    assert await ctx.db.main.value("SELECT count(*) FROM media.asset") == 0


@pytest.mark.parametrize("name", ["../../etc/passwd.mp4", "..\\..\\boot.mp4", "/srv/film.mp4", "a\0b/../film.mp4"])
async def test_a_name_that_leads_elsewhere_is_only_a_name(engines: Engines, name: str) -> None:
    ctx = a_person(engines)
    upload = await send(ctx, await opened(ctx, filename=name), CONTENT, 0)
    view = await view_of(ctx, upload.asset_id)
    assert view is not None
    assert not {"/", "\\", "\0"} & set(view.filename)
    await is_stored(ctx, upload)


async def is_stored(ctx: Context, upload: Upload) -> None:
    """The sender's bytes, all of them, and nothing beside them."""
    [key] = [blob.key async for blob in ctx.blobs.list()]
    assert key.startswith(f"media/{upload.asset_id}/source/")
    assert await ctx.blobs.get(key) == CONTENT
    assert (await inspect(ctx, deep=True, young=True)).faults == []
