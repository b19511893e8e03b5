"""The files of encrypted films: made ready to be stored, and made readable again for a step of the work."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.encryption.queries import content_key
from octavo.kernel.media.packaging import TrackIndex, decrypt_fragments, encrypt_fragments


def name_under(key_id: UUID | None, name: str) -> str:
    """What a file is called whose content would be `name`: under another key it is another file."""
    return hashlib.sha256(f"{name} {key_id}".encode()).hexdigest()[: len(name)] if key_id else name


async def encrypted(
    ctx: Context, asset_id: AssetId, key_id: UUID | None, path: Path, index: TrackIndex
) -> tuple[Path, TrackIndex]:
    """The file under its rendition's key, and what it then holds where; the file itself where there is no key."""
    if key_id is None:
        return path, index
    key, out = await content_key(ctx, asset_id, key_id), path.with_suffix(".cenc")
    return out, await asyncio.to_thread(encrypt_fragments, path, out, key)


@asynccontextmanager
async def readable(
    ctx: Context, asset_id: AssetId, key_id: UUID | None, stored: str, folder: Path
) -> AsyncIterator[Path]:
    """A stored track as anybody can read it, while the block lasts; the step's `folder` is its own."""
    async with ctx.blobs.local_copy(stored) as path:
        if key_id is None:
            yield path
            return
        key, clear = await content_key(ctx, asset_id, key_id), folder / "readable.mp4"
        await asyncio.to_thread(decrypt_fragments, path, clear, key)
        yield clear
