"""Indexes the fragments of an fMP4 file and moves them in time, without touching a single sample."""

import hashlib
import struct
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from octavo.kernel.media.packaging.boxes import Box, BrokenBoxes, boxes_in, boxes_of_file, child
from octavo.kernel.media.packaging.description import Description, describe
from octavo.kernel.media.packaging.rows import Segment, TrackIndex

# tfhd and trun flags (ISO/IEC 14496-12, 8.8.7 and 8.8.8) in the order in which their fields follow.
_BASE_OFFSET, _DESCRIPTION_INDEX, _DEFAULT_DURATION, _DEFAULT_SIZE = 0x1, 0x2, 0x8, 0x10
_DATA_OFFSET, _FIRST_FLAGS, _DURATION, _SIZE, _FLAGS, _COMPOSITION = 0x1, 0x4, 0x100, 0x200, 0x400, 0x800


def index_fragments(path: Path) -> TrackIndex:
    """The index of a single-track fragmented MP4; raises BrokenBoxes when it is not one."""
    with path.open("rb") as file:
        layout = list(boxes_of_file(file))
        init = read_init(file, layout)
        description = describe(init)
        segments = tuple(_segment(file, moof, mdat, description) for moof, mdat in fragments_of(layout))
        index_length = sum(box.size for box in layout if box.kind == "sidx" and box.start == len(init))
    if not segments:
        raise BrokenBoxes("there is no fragment in the file")
    return TrackIndex(
        kind=description.kind,
        codec=description.codec,
        timescale=description.timescale,
        init_length=len(init),
        init_sha256=hashlib.sha256(init).hexdigest(),
        segments=segments,
        sidx_length=index_length,
        width=description.width,
        height=description.height,
        channels=description.channels,
        sample_rate=description.sample_rate,
    )


def read_init(file: BinaryIO, layout: list[Box]) -> bytes:
    """The initialisation segment: everything up to the end of moov."""
    moov = next((box for box in layout if box.kind == "moov"), None)
    if moov is None:
        raise BrokenBoxes("no moov box")
    file.seek(0)
    return file.read(moov.end)


def fragments_of(layout: list[Box]) -> Iterator[tuple[Box, Box]]:
    """Each moof with the mdat behind it; other boxes between fragments (styp, sidx, mfra) are not part of them."""
    for moof, mdat in pairwise(layout):
        if moof.kind == "moof":
            if mdat.kind != "mdat":
                raise BrokenBoxes(f"a {mdat.kind} box where a fragment's samples should be")
            yield moof, mdat


def move_fragments(moof: bytearray, *, later: int, sequence: int | None = None) -> None:
    """Adds `later` ticks to every decode time of a movie fragment in place, and renumbers it when asked to."""
    if sequence is not None:
        header = child(moof, "moof/mfhd")
        struct.pack_into(">I", moof, header.body + 4, sequence)
    fragment = child(moof, "moof/traf")
    time = child(moof, "tfdt", fragment.body, fragment.end)
    form = ">Q" if moof[time.body] == 1 else ">I"
    struct.pack_into(form, moof, time.body + 4, struct.unpack_from(form, moof, time.body + 4)[0] + later)


def place_fragments(path: Path, *, later: int, delay: int) -> None:
    """Moves all fragments of a file by `later` ticks, in place, and makes its edit list say `delay`.

    The edit list takes the reordering delay of B-frames off again, so that the first picture is shown at its decode
    time. A file too short for B-frames has a smaller delay of its own: it is moved by the difference, and all files of
    a track can share one initialisation segment.
    """
    with path.open("r+b") as file:
        layout = list(boxes_of_file(file))
        later += _set_delay(file, next(box for box in layout if box.kind == "moov"), delay)
        for moof, _ in fragments_of(layout):
            file.seek(moof.start)
            header = bytearray(file.read(moof.size))
            move_fragments(header, later=later)
            file.seek(moof.start)
            file.write(header)


def _set_delay(file: BinaryIO, moov: Box, delay: int) -> int:
    """Writes the media time of the only edit (ISO/IEC 14496-12, 8.6.6); returns by how much it grew."""
    file.seek(moov.start)
    header = bytearray(file.read(moov.size))
    edits = child(header, "moov/trak/edts/elst")
    form, at = (">q", edits.body + 16) if header[edits.body] == 1 else (">i", edits.body + 12)
    before = int(struct.unpack_from(form, header, at)[0])
    struct.pack_into(form, header, at, delay)
    file.seek(moov.start)
    file.write(header)
    return delay - before


def sample_sizes(moof: bytes, description: Description) -> list[int]:
    """The bytes of each sample of a fragment, in order."""
    track = child(moof, "moof/traf")
    _, default = _track_defaults(moof, child(moof, "tfhd", track.body, track.end), description)
    runs = [run for run in boxes_in(moof, track.body, track.end) if run.kind == "trun"]
    return [size for run in runs for size in _run_sizes(moof, run, default)]


def _run_sizes(header: bytes, run: Box, default: int) -> list[int]:
    flags = struct.unpack_from(">I", header, run.body)[0] & 0xFFFFFF
    count = struct.unpack_from(">I", header, run.body + 4)[0]
    if not flags & _SIZE:
        return [default] * count
    at = run.body + 8 + 4 * sum(bool(flags & field) for field in (_DATA_OFFSET, _FIRST_FLAGS, _DURATION))
    step = 4 * sum(bool(flags & field) for field in (_DURATION, _SIZE, _FLAGS, _COMPOSITION))
    return [struct.unpack_from(">I", header, at + step * n)[0] for n in range(count)]


def _segment(file: BinaryIO, moof: Box, mdat: Box, description: Description) -> Segment:
    file.seek(moof.start)
    header = file.read(moof.size)
    track = child(header, "moof/traf")
    default_duration, default_size = _track_defaults(header, child(header, "tfhd", track.body, track.end), description)
    time = child(header, "tfdt", track.body, track.end)
    decode_time = struct.unpack_from(">Q" if header[time.body] == 1 else ">I", header, time.body + 4)[0]
    duration, key_frame_end = 0, 0
    for run in boxes_in(header, track.body, track.end):
        if run.kind == "trun":
            run_duration, first_sample_end = _run(header, run, default_duration, default_size)
            duration += run_duration
            key_frame_end = key_frame_end or first_sample_end
    if not duration:
        raise BrokenBoxes("a fragment without samples")
    return Segment(moof.start, mdat.end - moof.start, decode_time, duration, key_frame_end)


def _track_defaults(header: bytes, tfhd: Box, description: Description) -> tuple[int, int]:
    flags = struct.unpack_from(">I", header, tfhd.body)[0] & 0xFFFFFF
    at = tfhd.body + 8 + (8 if flags & _BASE_OFFSET else 0) + (4 if flags & _DESCRIPTION_INDEX else 0)
    duration, size = description.default_duration, description.default_size
    if flags & _DEFAULT_DURATION:
        duration, at = struct.unpack_from(">I", header, at)[0], at + 4
    if flags & _DEFAULT_SIZE:
        size = struct.unpack_from(">I", header, at)[0]
    return duration, size


def _run(header: bytes, run: Box, default_duration: int, default_size: int) -> tuple[int, int]:
    """The duration of a track run, and where its first sample ends, counted from the start of the fragment."""
    flags = struct.unpack_from(">I", header, run.body)[0] & 0xFFFFFF
    count = struct.unpack_from(">I", header, run.body + 4)[0]
    at, data = run.body + 8, len(header) + 8
    if flags & _DATA_OFFSET:
        data, at = struct.unpack_from(">i", header, at)[0], at + 4
    if flags & _FIRST_FLAGS:
        at += 4
    step = 4 * sum(bool(flags & field) for field in (_DURATION, _SIZE, _FLAGS, _COMPOSITION))
    first_size = default_size
    if flags & _SIZE and count:
        first_size = struct.unpack_from(">I", header, at + (4 if flags & _DURATION else 0))[0]
    if not flags & _DURATION:
        return count * default_duration, data + first_size
    return sum(struct.unpack_from(">I", header, at + step * n)[0] for n in range(count)), data + first_size
