"""Encodes an audio track in one pass and hands out its pieces while it grows."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from octavo.kernel.film import SourceInfo
from octavo.kernel.media.encode.ffmpeg import run_ffmpeg, source_input
from octavo.kernel.media.encode.loudness import gain_filters
from octavo.kernel.media.encode.rows import AudioPiece
from octavo.kernel.media.encode.sounds import Sound
from octavo.kernel.media.packaging import index_fragments
from octavo.kernel.media.packaging.boxes import whole_boxes

_LAYOUTS = {"stereo": "stereo", "surround": "5.1"}
_RATES = {"stereo": "128k", "surround": "384k"}
_SAMPLE_RATE = 48_000
_PRIMING = 1_024  # samples of silence that an AAC encoder puts before its input
_FRAGMENT_SECONDS = 4
_FIRST_PIECE, _PIECE = 2, 15  # fragments: as long as the first chunk of the picture, and as the others


async def encode_audio(
    path: Path,
    out_dir: Path,
    sound: Sound,
    source: SourceInfo,
    *,
    on_piece: Callable[[AudioPiece], Awaitable[None]],
    idle: bool = False,
    progress: Callable[[float], None] | None = None,
    cancelled: asyncio.Event | None = None,
) -> None:
    """Makes one rendition of a track; `on_piece` receives each finished piece in order.

    The same arguments always give the same pieces. A track that is announced but holds no sound becomes silence.
    Raises EncodeFailed or EncodeCancelled.
    """
    pieces = _Pieces(out_dir, sound, source.duration, on_piece, progress)
    if sound.form == "copy":
        await run_ffmpeg(_copied(path, sound, source), idle=idle, cancelled=cancelled, on_output=pieces.take)
    else:
        filters = [_on_film_clock(sound, source)]
        if sound.loudness is not None:
            filters += await gain_filters(
                path, sound.index, filters[0], sound.loudness, idle=idle, cancelled=cancelled
            )  # fmt: skip
        encoded = [*source_input(path), "-map", f"0:{sound.index}", "-af", ",".join(filters), *_encoder(sound.form)]
        await run_ffmpeg(encoded, idle=idle, cancelled=cancelled, on_output=pieces.take)
    await pieces.finish()
    if not pieces.count:
        silence = ["-f", "lavfi", "-t", f"{source.duration:.3f}", "-i", f"anullsrc=r={_SAMPLE_RATE}:cl=stereo"]
        await run_ffmpeg([*silence, *_encoder("stereo")], idle=idle, cancelled=cancelled, on_output=pieces.take)
        await pieces.finish()


def _encoder(form: str) -> list[str]:
    channels = "2" if form == "stereo" else "6"
    return ["-ac", channels, "-c:a", "aac", "-b:a", _RATES[form], "-flags:a", "+bitexact", *_fragments()]


def _fragments(*flags: str) -> list[str]:
    options = ["-fflags", "+bitexact", "-map_metadata", "-1", "-map_chapters", "-1"]
    options += ["-frag_duration", str(_FRAGMENT_SECONDS * 1_000_000)]
    moves = "+".join(["+cmaf", "empty_moov", "default_base_moof", "skip_sidx", "skip_trailer", *flags])
    return [*options, "-movflags", moves, "-f", "mp4", "pipe:1"]


def _on_film_clock(sound: Sound, source: SourceInfo) -> str:
    """Sound on the picture's clock: what comes before the first frame is cut, a late start and gaps become silence.

    The encoder's priming is made to fall on the film's first 21 ms, so that everything after them is in its exact
    place for every player, without an edit list that some of them ignore.
    """
    shift = f"asetpts=PTS-({source.video.start:.6f}/TB)"
    layout = _LAYOUTS[sound.form]
    return f"{shift},aresample={_SAMPLE_RATE}:async=1:first_pts={_PRIMING},aformat=channel_layouts={layout}"


def _copied(path: Path, sound: Sound, source: SourceInfo) -> list[str]:
    """Whole frames as they are, each at its place on the picture's clock; what begins before the film is left out.

    The first fragment says where it begins, and no edit list is needed: `frag_discont` keeps the time stamps. The
    description of such sound is in its frames, so the first of them must come before the header: `delay_moov`.
    """
    begin = f"{source.video.start:.6f}"
    on_clock = f"noise=drop='lt(pts*tb,{begin})',setts=ts='PTS-round({begin}/TB)'"
    chosen = [*source_input(path), "-map", f"0:{sound.index}", "-c:a", "copy", "-bsf:a", on_clock]
    return [*chosen, "-use_editlist", "0", *_fragments("delay_moov", "frag_discont")]


class _Pieces:
    """Cuts ffmpeg's output stream into files of whole fragments, each behind a copy of the initialisation segment."""

    def __init__(
        self,
        out_dir: Path,
        sound: Sound,
        seconds: float,
        on_piece: Callable[[AudioPiece], Awaitable[None]],
        progress: Callable[[float], None] | None,
    ) -> None:
        self.count = 0
        self._out_dir, self._name, self._seconds = out_dir, f"{sound.form}-{sound.index}", max(seconds, 0.001)
        self._on_piece, self._progress = on_piece, progress
        self._unread = bytearray()
        self._init = bytearray()
        self._fragments: list[bytes] = []

    async def take(self, block: bytes) -> None:
        self._unread += block
        used = 0
        for box in whole_boxes(self._unread):
            used = box.end
            if box.kind == "ftyp":
                self._init.clear()
            if box.kind in ("ftyp", "moov"):
                self._init += self._unread[box.start : box.end]
            elif box.kind == "moof":
                self._fragments.append(bytes(self._unread[box.start : box.end]))
            elif box.kind == "mdat" and self._fragments:
                self._fragments[-1] += bytes(self._unread[box.start : box.end])
                await self._publish_when_long_enough()
        del self._unread[:used]

    async def finish(self) -> None:
        if self._fragments:
            await self._publish()

    async def _publish_when_long_enough(self) -> None:
        if len(self._fragments) >= (_PIECE if self.count else _FIRST_PIECE):
            await self._publish()

    async def _publish(self) -> None:
        path = self._out_dir / f"{self._name}-{self.count:04}.mp4"
        path.write_bytes(bytes(self._init) + b"".join(self._fragments))
        piece = AudioPiece(self.count, path, index_fragments(path))
        self._fragments.clear()
        self.count += 1
        await self._on_piece(piece)
        if self._progress:
            self._progress(min(1.0, (piece.index.start + piece.index.duration) / self._seconds))
