"""Draws a film's storyboard: a small picture every few seconds, as tiles on JPEG sheets."""

import asyncio
from math import ceil
from pathlib import Path

from octavo.kernel.media.encode.ffmpeg import EncodeFailed, run_ffmpeg, source_input
from octavo.kernel.media.packaging import Storyboard, TrackIndex

_MOST_TILES = 300
_LONGER_SIDE = 160  # pixels of a tile
_COLUMNS, _ROWS = 5, 5


def plan_storyboard(index: TrackIndex) -> Storyboard:
    """At most a picture a second; of a long film about three hundred."""
    interval = max(1, ceil(index.duration / _MOST_TILES))
    scale = _LONGER_SIDE / max(index.width, index.height)
    return Storyboard(
        interval=interval,
        tiles=max(1, ceil(index.duration / interval)),
        columns=_COLUMNS,
        rows=_ROWS,
        width=max(2, round(index.width * scale / 2) * 2),
        height=max(2, round(index.height * scale / 2) * 2),
        seconds=index.duration,
    )


async def draw_storyboard(
    track: Path, out_dir: Path, board: Storyboard, *, cancelled: asyncio.Event | None = None
) -> list[Path]:
    """The sheets, drawn from a finished track: its clock, shape and colours are those of the film as it is played.

    Raises EncodeFailed or EncodeCancelled.
    """
    picked = f"fps=1/{board.interval}:start_time=0:round=up,scale={board.width}:{board.height}:flags=area,setsar=1"
    # What the film's last moment lacks is filled up with the picture before it, what the sheet lacks with black.
    whole = f"tpad=stop=-1:stop_mode=clone,trim=end_frame={board.tiles},tile={board.columns}x{board.rows}"
    sheets = [out_dir / f"sheet-{n}.jpg" for n in range(board.sheets)]
    drawing = ["-map", "0:v:0", "-vf", f"{picked},{whole},format=yuvj420p", "-frames:v", str(len(sheets))]
    encoder = [
        "-c:v",
        "mjpeg",
        "-threads",
        "1",
        "-q:v",
        "5",
        "-flags:v",
        "+bitexact",
        "-fflags",
        "+bitexact",
        "-f",
        "image2",
    ]
    arguments = [*source_input(track), *drawing, *encoder, "-start_number", "0", str(out_dir / "sheet-%d.jpg")]
    await run_ffmpeg(arguments, idle=True, cancelled=cancelled)
    if not await asyncio.to_thread(_all_there, sheets):
        raise EncodeFailed("The film's storyboard could not be drawn.")
    return sheets


def _all_there(sheets: list[Path]) -> bool:
    return all(sheet.exists() for sheet in sheets)
