"""A body in blocks worth a hop to a thread: its small chunks joined, its silences noticed."""

import asyncio
import time
from collections.abc import AsyncIterable, AsyncIterator

from octavo.kernel.http import ClientGone
from octavo.kernel.refusals import Refusal

BLOCK = 1 << 20
LONGEST_WAIT = 1.0


class SenderSilent(Refusal):
    status, title = 408, "No more bytes arrived"


async def blocks(body: AsyncIterable[bytes], *, stall: float) -> AsyncIterator[bytes]:
    """The body in pieces of about 1 MiB, or of whatever a second brought.

    What had arrived is given out before ClientGone, or SenderSilent after `stall` seconds without a byte, is raised.
    """
    gathered: list[bytes] = []
    size, since = 0, time.monotonic()
    chunks = aiter(body)
    ending: Refusal | ClientGone | None = None
    while ending is None:
        try:
            async with asyncio.timeout(stall):
                chunk = await anext(chunks)
        except StopAsyncIteration:
            break
        except TimeoutError:
            ending = SenderSilent("The connection stayed silent for too long. What arrived is kept; go on from there.")
        except (ClientGone, Refusal) as error:
            ending = error
        else:
            gathered.append(chunk)
            size += len(chunk)
            if size >= BLOCK or time.monotonic() - since >= LONGEST_WAIT:
                yield b"".join(gathered)
                gathered, size, since = [], 0, time.monotonic()
    if gathered:
        yield b"".join(gathered)
    if ending is not None:
        raise ending
