"""Measures how near an encoded picture comes to its original: VMAF, by the model inside ffmpeg."""

import asyncio
from pathlib import Path
from statistics import fmean

import msgspec
from msgspec import Struct

from octavo.kernel.film import FrameRate
from octavo.kernel.media.encode.ffmpeg import EncodeFailed, in_filter, run_ffmpeg


class _Figures(Struct):
    vmaf: float


class _Frame(Struct):
    metrics: _Figures


class _Report(Struct):
    frames: list[_Frame]


async def vmaf_by_frame(
    encoded: Path, original: Path, rate: FrameRate, *, every: int = 1, cancelled: asyncio.Event | None = None
) -> list[float]:
    """From 0 to 100, for each frame, or of `every` so many one. Both files hold the same frames at the same size.

    Raises EncodeFailed, EncodeInterrupted or EncodeCancelled.
    """
    on_grid = f"settb=AVTB,setpts=N/({rate})/TB"
    # Not to standard output: that may be a socket, which libvmaf cannot open.
    report = encoded.with_name(f"{encoded.name}.vmaf.json")
    measure = f"libvmaf=log_fmt=json:log_path={in_filter(report)}:n_threads=1:n_subsample={every}"
    graph = f"[0:v]{on_grid}[encoded];[1:v]{on_grid}[original];[encoded][original]{measure}"
    inputs = ["-i", f"file:{encoded}", "-i", f"file:{original}"]
    try:
        await run_ffmpeg([*inputs, "-filter_complex", graph, "-f", "null", "-"], cancelled=cancelled)
        found = msgspec.json.decode(report.read_bytes(), type=_Report)
    except (OSError, msgspec.MsgspecError) as error:
        raise EncodeFailed("The quality of a sample could not be measured.") from error
    finally:
        report.unlink(missing_ok=True)
    return [frame.metrics.vmaf for frame in found.frames]


async def vmaf(
    encoded: Path, original: Path, rate: FrameRate, *, every: int = 1, cancelled: asyncio.Event | None = None
) -> float:
    return fmean(await vmaf_by_frame(encoded, original, rate, every=every, cancelled=cancelled))
