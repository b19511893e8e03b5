"""The hash of a stored file's content, as the row that names it has it."""

import asyncio
import hashlib

from octavo.kernel.context import Context
from octavo.kernel.media.garbage.rows import NamedFile
from octavo.kernel.media.upload.rules import source_hash
from octavo.kernel.media.upload.spool import PART


async def has_content(ctx: Context, file: NamedFile, size: int) -> bool:
    """Reads the whole file, 8 MiB at a time. Raises BlobMissing."""
    whole, parts = hashlib.sha256(), []
    for start in range(0, size, PART):
        piece = await ctx.blobs.get_range(file.key, start, PART)
        if file.kind == "source":
            parts.append((await asyncio.to_thread(hashlib.sha256, piece)).digest())
        else:
            await asyncio.to_thread(whole.update, piece)
    found = source_hash(parts) if file.kind == "source" else whole.hexdigest()
    return found.startswith(file.sha256)  # of a poster the beginning is kept, as its name
