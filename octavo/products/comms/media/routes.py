"""The bytes of files for whoever holds their address: carriers, and people to whom a page shows them."""

from octavo.kernel.context import Context
from octavo.kernel.http import FileRange, Router, granted
from octavo.products.comms.media.links import PATH, read_token
from octavo.products.comms.media.queries import media
from octavo.products.comms.media.rules import SHOWN

files = Router(PATH, product="comms")
holders = granted("holders of the address", "the address is sealed, names one file, and ends after some time")
# What strangers sent is shown at most as a picture or a film, never run.
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, max-age=7200",
}


@files.get("/{token}", access=holders, summary="The bytes of a file of a message", documented=False)
async def open_media(ctx: Context, *, token: str) -> FileRange:
    """Raises CommsRefusal 20404."""
    found = await media(ctx.db.main, *read_token(ctx.settings, token, ctx.now))
    return FileRange(
        await ctx.blobs.opened(found.key),
        content_type=found.content_type,
        etag=found.sid,
        download_as="" if found.content_type in SHOWN else f"{found.sid}.{found.content_type.partition('/')[2]}",
        headers=SAFE,
    )
