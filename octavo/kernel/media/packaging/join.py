"""Joins the pieces of a track into one fragmented MP4 by copying their fragments behind one initialisation segment."""

import struct
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from octavo.kernel.media.packaging.boxes import boxes_of_file
from octavo.kernel.media.packaging.fragments import fragments_of, index_fragments, move_fragments
from octavo.kernel.media.packaging.rows import Segment, TrackIndex

_COPY_BLOCK = 1 << 20
_TOLERATED = 0.5  # seconds: a last piece of a frame or two decodes late by the delay of B-frames it does not need
_STARTS_WITH_KEY_FRAME = 0x9000_0000  # starts_with_SAP, SAP_type 1


class PiecesDoNotFit(ValueError):
    """Two pieces differ in their initialisation segment, or leave a gap or an overlap between them."""


def join_pieces(pieces: Sequence[Path], out: Path) -> TrackIndex:
    """Writes one file that plays as the pieces do one after the other; the same pieces always give the same bytes.

    Each piece keeps its own decode times, which must follow on from the piece before. Only the fragments' sequence
    numbers (mfhd) change, so that they rise through the whole file (ISO/IEC 14496-12, 8.8.5). In front of them stands
    a segment index (sidx), from which DASH players learn where each fragment lies.
    """
    indexes = [index_fragments(piece) for piece in pieces]
    for piece, index in zip(pieces, indexes, strict=True):
        if index.init_sha256 != indexes[0].init_sha256:
            raise PiecesDoNotFit(f"{piece.name} was encoded with other parameters than {pieces[0].name}")
    segments = [segment for index in indexes for segment in index.segments]
    _require_no_gap(segments, indexes[0].timescale)
    with out.open("wb") as joined:
        with pieces[0].open("rb") as file:
            joined.write(file.read(indexes[0].init_length))
        joined.write(segment_index(segments, indexes[0].timescale))
        sequence = 0
        for piece in pieces:
            with piece.open("rb") as file:
                sequence = _append_fragments(file, joined, sequence)
    return index_fragments(out)


def segment_index(segments: Sequence[Segment], timescale: int) -> bytes:
    """The sidx box (ISO/IEC 14496-12, 8.16.3) of fragments that follow right behind it.

    A fragment's presentation begins at its decode time, since the edit list takes the delay of B-frames off.
    """
    body = struct.pack(">IIIQQHH", 1 << 24, 1, timescale, segments[0].decode_time, 0, 0, len(segments))
    for segment in segments:
        body += struct.pack(">III", segment.length, segment.duration, _STARTS_WITH_KEY_FRAME)
    return struct.pack(">I4s", 8 + len(body), b"sidx") + body


def _append_fragments(file: BinaryIO, joined: BinaryIO, sequence: int) -> int:
    for moof, mdat in fragments_of(list(boxes_of_file(file))):
        sequence += 1
        file.seek(moof.start)
        header = bytearray(file.read(moof.size))
        move_fragments(header, later=0, sequence=sequence)
        joined.write(header)
        _copy(file, joined, mdat.size)
    return sequence


def _copy(file: BinaryIO, joined: BinaryIO, length: int) -> None:
    while length:
        block = file.read(min(length, _COPY_BLOCK))
        joined.write(block)
        length -= len(block)


def _require_no_gap(segments: Sequence[Segment], timescale: int) -> None:
    for before, after in pairwise(segments):
        gap = after.decode_time - before.decode_time - before.duration
        if not 0 <= gap < timescale * _TOLERATED:
            at = after.decode_time / timescale
            raise PiecesDoNotFit(f"the pieces do not follow on from each other at {at:.3f} seconds")
