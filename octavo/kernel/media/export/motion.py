"""Motion JPEG: a film as pictures that replace each other, for clients that can do nothing else (RFC 2046, 5.1.3)."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from pathlib import Path

from octavo.kernel.media.encode.ffmpeg import EncodeCancelled, EncodeFailed, EncodeInterrupted, run_ffmpeg
from octavo.kernel.refusals import Unavailable

BOUNDARY = "frame"
CONTENT_TYPE = f"multipart/x-mixed-replace; boundary={BOUNDARY}"
MOST_AT_ONCE = 2  # streams of one process: each decodes and encodes as long as somebody watches
RATE, LINES, QUALITY = 12, 480, 6  # pictures a second, their height, and 2 (best) to 31
WAITING_BLOCKS = 8

_running = 0


def check_room() -> None:
    """Raises Unavailable where as many are watched as one process can show."""
    if _running >= MOST_AT_ONCE:
        raise Unavailable("As many films as this server can show as pictures are being watched. Try again later.")


async def motion_jpeg(path: Path) -> AsyncGenerator[bytes, None]:
    """The film at its own pace, until it ends or nobody takes any more."""
    global _running
    _running += 1
    blocks: asyncio.Queue[bytes | None] = asyncio.Queue(WAITING_BLOCKS)
    cancelled = asyncio.Event()
    making = asyncio.create_task(_make(path, blocks, cancelled))
    try:
        while (block := await blocks.get()) is not None:
            yield block
    finally:
        _running -= 1
        cancelled.set()
        making.cancel()
        await asyncio.gather(making, return_exceptions=True)


async def _make(path: Path, blocks: "asyncio.Queue[bytes | None]", cancelled: asyncio.Event) -> None:
    pictures = ["-re", "-i", f"file:{path}", "-an", "-vf", f"fps={RATE},scale=-2:'min({LINES},ih)'"]
    encoder = ["-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", str(QUALITY), "-f", "mpjpeg", "-boundary_tag", BOUNDARY]
    with suppress(EncodeCancelled, EncodeFailed, EncodeInterrupted):
        await run_ffmpeg([*pictures, *encoder, "pipe:1"], cancelled=cancelled, on_output=blocks.put)
    await blocks.put(None)
