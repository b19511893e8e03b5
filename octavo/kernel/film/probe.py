"""Probes an upload: what film it is, or a sentence that says why it is none."""

import asyncio
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

import msgspec

from octavo.kernel.film.rows import Inspection, SourceInfo
from octavo.kernel.processes import before_exec, die_with_parent, out_of_memory_first
from octavo.kernel.refusals import Invalid

_INSPECTION_SECONDS = 300
_GAVE_UP = "This file could not be examined: it is damaged in a way that no player would survive either."


class NotAVideo(Invalid):
    """`detail` says what is wrong with the file and what to do."""

    title = "That file is not a film"


class ProbeInterrupted(Exception):
    """Not the file ended the examination, but a signal from outside: the same again may well succeed."""


async def probe(path: Path) -> SourceInfo:
    """Reads a film's headers, first frame and a few key frames; raises NotAVideo.

    The parsers run in a child process: a file that crashes or hangs them takes no other work with it.
    """
    command = [sys.executable, "-m", "octavo.kernel.film._inspection", str(path)]
    to_begin = before_exec(die_with_parent(), out_of_memory_first())
    process = await asyncio.create_subprocess_exec(
        *command, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, preexec_fn=to_begin
    )
    try:
        async with asyncio.timeout(_INSPECTION_SECONDS):
            answer, _ = await process.communicate()
    except TimeoutError:
        raise NotAVideo(_GAVE_UP) from None
    finally:
        if process.returncode is None:
            process.kill()
            await asyncio.shield(process.wait())
    if process.returncode in (-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT):
        raise ProbeInterrupted
    if process.returncode != 0:
        raise NotAVideo(_GAVE_UP)
    inspection = msgspec.json.decode(answer, type=Inspection)
    if inspection.source is None:
        raise NotAVideo(inspection.refusal)
    return inspection.source
