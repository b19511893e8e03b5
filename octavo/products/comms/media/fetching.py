"""Fetching one file of a message: guarded, bounded, looked at, and made into what carriers take."""

import asyncio
from pathlib import Path
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.ids import new_id
from octavo.kernel.outgoing import AddressRefused, Failed, TooMuch, outgoing
from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.media.conversion import NotConverted, convert
from octavo.products.comms.media.links import own_token, read_token
from octavo.products.comms.media.queries import media
from octavo.products.comms.media.rows import Media
from octavo.products.comms.media.rules import LARGEST, target_of
from octavo.products.comms.media.types import HEAD, settled_type

NOTHING_SAID = "application/octet-stream"


class NotNow(Exception):
    """The file may be had later: its server did not answer, or not well, or this machine was too busy to convert it.
    `refusal` is what to say if it never is.
    """

    def __init__(self, refusal: CommsRefusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


async def fetch_media(
    ctx: Context, account_id: AccountId, message_id: UUID, position: int, url: str, folder: Path
) -> tuple[Media, Path]:
    """The file at `url` in `folder`, with what is to be known of it.

    Raises CommsRefusal 11100, 11200, 11215, 11751 or 12300, or NotNow.
    """
    path = folder / f"{position}"
    claimed = await _copied(ctx, url, path) or await _fetched(ctx, url, path)
    content_type = settled_type(claimed, _head(path))
    target_type = target_of(content_type, path.stat().st_size)
    if target_type is not None:
        converted = folder / f"{position}-converted"
        try:
            await convert(path, content_type, target_type, converted)
        except NotConverted as error:
            refusal = CommsRefusal(12300, f"The media could not be converted from {content_type} in time.")
            raise NotNow(refusal) from error
        path, content_type = converted, target_type
    made = Media(
        account_id=account_id,
        id=new_id(),
        message_id=message_id,
        position=position,
        source_url=url,
        content_type=content_type,
        size=path.stat().st_size,
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    return made, path


async def _copied(ctx: Context, url: str, path: Path) -> str:
    """Takes a file that is stored here already, as between two numbers of ours; its type, or blank."""
    token = own_token(ctx.settings, url)
    if token is None:
        return ""
    stored = await media(ctx.db.main, *read_token(ctx.settings, token, ctx.now))
    await asyncio.to_thread(path.write_bytes, await ctx.blobs.get(stored.key))
    return stored.content_type


async def _fetched(ctx: Context, url: str, path: Path) -> str:
    """The file as its server gives it; the type that the server claims."""
    try:
        seconds = ctx.settings.comms.media_seconds
        answer = await outgoing(ctx.engines).fetch_to(path, url, timeout=seconds, max_bytes=LARGEST)
    except AddressRefused as error:
        raise CommsRefusal(11100, str(error)) from None
    except TooMuch:
        raise CommsRefusal(11751, f"The media at {url:.200} has more than {LARGEST:,} bytes.") from None
    except Failed as error:
        refusal = CommsRefusal(11215 if error.kind == "redirects" else 11205, f"{url:.200}: {error}")
        if error.kind == "redirects":
            raise refusal from None
        raise NotNow(refusal) from None
    if answer.status >= 500:
        raise NotNow(CommsRefusal(11200, f"The media's server answered {answer.status}."))
    if answer.status != 200:
        raise CommsRefusal(11200, f"The media's server answered {answer.status}.")
    return answer.headers.get("content-type", "") or NOTHING_SAID


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)
