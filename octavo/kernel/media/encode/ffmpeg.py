"""Runs ffmpeg: as a child that dies with us, can be cancelled at once, tells its progress and says why it failed."""

import asyncio
import os
import re
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import imageio_ffmpeg
from imageio_ffmpeg import _utils

from octavo.kernel.film import FILM_FORMATS, MOST_PIXELS
from octavo.kernel.processes import at_idle_priority, before_exec, die_with_parent, out_of_memory_first

T = TypeVar("T")

_KEPT_LOG = 4000  # characters of ffmpeg's last words
# Pictures lie in large pages, where the system offers them: encoding takes a thirtieth less (glibc manual, 39.6).
# SVT-AV1 tells of its ways on standard error, whatever ffmpeg was told.
_ENVIRONMENT = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1", "SVT_LOG": "1"}
_DISK_FULL = "No space left on device"
# ffmpeg says this of a signal that it noticed, and of what it was not permitted, which it tells of as well.
_A_SIGNAL, _NOT_PERMITTED = 255, "Operation not permitted"


class EncodeFailed(Exception):
    """ffmpeg could not do its part. `detail` is a sentence for the uploader, `log` ffmpeg's own last lines."""

    def __init__(self, detail: str, log: str = "") -> None:
        super().__init__(f"{detail} {log}".strip())
        self.detail = detail
        self.log = log


class EncodeInterrupted(Exception):
    """Not the film ended ffmpeg, but something around it (a signal, a full disk): the same again may well succeed."""


class EncodeCancelled(Exception):
    """The work was called off, and nothing of it will be published."""


@cache
def ffmpeg_program() -> str:
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        # It was tried out, and something ended the trial: the package would remember that for ever.
        _utils._get_ffmpeg_exe.cache_clear()
        raise EncodeInterrupted(str(error)) from error


@cache
def ffmpeg_build() -> str:
    """What stands for the encoder's exact build wherever equal inputs must give equal bytes."""
    return Path(ffmpeg_program()).name


def source_input(path: Path, *, seek: float | None = None, threads: int = 1) -> list[str]:
    """The input options for an uploaded film: its own clock kept, and nothing but that one local file opened.

    Runs go side by side: one decoding thread each costs a tenth less than several that wait for each other.
    """
    options = ["-copyts", "-format_whitelist", FILM_FORMATS, "-protocol_whitelist", "file", "-threads", str(threads)]
    options += ["-max_pixels", str(MOST_PIXELS)]  # the probe saw the first picture only
    if seek is not None:
        options += ["-noaccurate_seek", "-seek_timestamp", "1", "-ss", f"{seek:.6f}"]
    return [*options, "-i", f"file:{path}"]


def in_filter(path: Path) -> str:
    """A path as the value of a filter's option (ffmpeg-filters, 4.1): escaped for the option, and for the graph."""
    value = re.sub(r"([\\':])", r"\\\1", str(path))
    return re.sub(r"([\\'\[\],;])", r"\\\1", value)


async def run_ffmpeg(
    arguments: Sequence[str],
    *,
    idle: bool = False,
    cancelled: asyncio.Event | None = None,
    on_time: Callable[[float], None] | None = None,
    on_output: Callable[[bytes], Awaitable[None]] | None = None,
) -> None:
    """Runs ffmpeg to its end; raises EncodeFailed, EncodeInterrupted or EncodeCancelled.

    `on_time` hears how many seconds of output are done; with `on_output` the output itself comes through standard
    output instead. Whatever ends this call, the child has ended too.
    """
    if cancelled is not None and cancelled.is_set():
        raise EncodeCancelled
    report = [] if on_output else ["-progress", "pipe:1", "-stats_period", "0.5"]
    command = [ffmpeg_program(), "-v", "error", "-hide_banner", "-nostdin", "-nostats", "-y", *report, *arguments]
    async with _child(command, idle=idle) as process:
        log, code = await _attended(process, _to_its_end(process, on_time, on_output), cancelled)
    if was_interrupted(code, log) or (code != 0 and _DISK_FULL in log):
        raise EncodeInterrupted(f"ffmpeg ended with {code}. {log}".strip())
    if code != 0:
        raise EncodeFailed("The film could not be encoded: part of it may be damaged.", log)


def was_interrupted(code: int | None, log: str) -> bool:
    """Whether ffmpeg was ended by a signal from outside: an operator, a shutdown, a machine out of memory."""
    if code == _A_SIGNAL:
        return _NOT_PERMITTED not in log
    return code in (-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT)  # the latter two before it listens to them


@asynccontextmanager
async def _child(command: list[str], *, idle: bool) -> AsyncIterator[Process]:
    steps = [die_with_parent(), out_of_memory_first(), *([at_idle_priority()] if idle else [])]
    process = await asyncio.create_subprocess_exec(
        *command, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, preexec_fn=before_exec(*steps), env=os.environ | _ENVIRONMENT
    )
    try:
        yield process
    finally:
        _kill(process)
        await asyncio.shield(process.wait())


def _kill(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()


async def _attended(process: Process, work: Coroutine[Any, Any, T], cancelled: asyncio.Event | None) -> T:
    """What `work` makes of the child, or EncodeCancelled as soon as `cancelled` is set.

    However this ends, `work` has ended too. It may be in the middle of something that has to be waited for, so the
    child is killed first.
    """
    working = asyncio.create_task(work)
    stop = asyncio.create_task((cancelled or asyncio.Event()).wait())
    try:
        await asyncio.wait([working, stop], return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise EncodeCancelled
        return working.result()
    finally:
        stop.cancel()
        if not working.done():
            _kill(process)
            working.cancel()
            await asyncio.wait([working])


async def _to_its_end(
    process: Process,
    on_time: Callable[[float], None] | None,
    on_output: Callable[[bytes], Awaitable[None]] | None,
) -> tuple[str, int]:
    """The child's last words and its exit code, when all of its output is taken."""
    words = asyncio.create_task(_last_words(process))
    try:
        await _read_output(process, on_time, on_output)
        return await words, await process.wait()
    finally:
        words.cancel()


async def _read_output(
    process: Process,
    on_time: Callable[[float], None] | None,
    on_output: Callable[[bytes], Awaitable[None]] | None,
) -> None:
    assert process.stdout is not None
    if on_output:
        while block := await process.stdout.read(1 << 18):
            await on_output(block)
        return
    async for line in process.stdout:
        key, _, value = line.decode("ascii", "replace").strip().partition("=")
        if key == "out_time_us" and on_time and value.isdigit():
            on_time(int(value) / 1e6)


async def _last_words(process: Process) -> str:
    assert process.stderr is not None
    log = ""
    while block := await process.stderr.read(1 << 16):
        log = (log + block.decode("utf-8", "replace"))[-_KEPT_LOG:]
    return log.strip()
