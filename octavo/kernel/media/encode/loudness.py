"""How loud a track is as a whole (EBU R 128, ITU-R BS.1770), and the one gain that brings it to a target."""

import asyncio
from pathlib import Path

from octavo.kernel.media.encode.ffmpeg import run_ffmpeg, source_input

_SILENCE = -70.0  # LUFS: the absolute gate, below which nothing counts (BS.1770-5, annex 1)
_MOST_GAIN = 20.0  # decibels: what is nearly silent throughout is not blown up to noise
# Peaks that the gain would lift beyond this are held down; AAC adds up to a decibel of its own.
_HIGHEST_PEAK = 10 ** (-2 / 20)
_INTEGRATED = b"lavfi.r128.I="


async def gain_filters(
    path: Path, index: int, filters: str, target: float, *, idle: bool, cancelled: asyncio.Event | None
) -> list[str]:
    """The filters behind `filters` that bring the track, as it sounds behind them, to `target` LUFS.

    The whole track is read once before. A single gain keeps the film's own quiet and loud, and the same track always
    gives the same one. Raises EncodeFailed or EncodeCancelled.
    """
    loudness = await _integrated(path, index, filters, idle=idle, cancelled=cancelled)
    if loudness is None or loudness <= _SILENCE:
        return []
    gain = min(target - loudness, _MOST_GAIN)
    louder = [f"alimiter=limit={_HIGHEST_PEAK:.6f}:level=false:latency=true"] if gain > 0 else []
    return [f"volume={gain:.2f}dB:precision=float", *louder]


async def _integrated(
    path: Path, index: int, filters: str, *, idle: bool, cancelled: asyncio.Event | None
) -> float | None:
    """LUFS of the whole track; None where it holds too little to say."""
    unread = bytearray()

    async def keep_last(block: bytes) -> None:
        unread.extend(block)
        last = unread.rfind(_INTEGRATED)
        if last > 0:
            del unread[:last]

    measured = f"{filters},ebur128=metadata=1,ametadata=mode=print:key=lavfi.r128.I:file=-"
    arguments = [*source_input(path), "-map", f"0:{index}", "-af", measured, "-f", "null", "-"]
    await run_ffmpeg(arguments, idle=idle, cancelled=cancelled, on_output=keep_last)
    _, found, rest = bytes(unread).partition(_INTEGRATED)
    return float(rest.split(b"\n", 1)[0]) if found else None
