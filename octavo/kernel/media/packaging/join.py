"""Joins the pieces of a track into one fragmented MP4 by copying their fragments behind one initialisation segment."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from octavo.kernel.media.packaging.boxes import boxes_of_file
from octavo.kernel.media.packaging.fragments import fragments_of, index_fragments, move_fragments, read_init
from octavo.kernel.media.packaging.rows import TrackIndex

_COPY_BLOCK = 1 << 20
_TOLERATED = 0.5  # seconds: a last piece of a frame or two decodes late by the delay of B-frames it does not need


class PiecesDoNotFit(ValueError):
    """Two pieces differ in their initialisation segment, or leave a gap or an overlap between them."""


def join_pieces(pieces: Sequence[Path], out: Path) -> TrackIndex:
    """Writes one file that plays as the pieces do one after the other; the same pieces always give the same bytes.

    Each piece keeps its own decode times, which must follow on from the piece before. Only the fragments' sequence
    numbers (mfhd) change, so that they rise through the whole file (ISO/IEC 14496-12, 8.8.5).
    """
    with out.open("wb") as joined:
        init, sequence = b"", 0
        for piece in pieces:
            with piece.open("rb") as file:
                piece_init = read_init(file, list(boxes_of_file(file)))
                if not init:
                    init = piece_init
                    joined.write(init)
                elif piece_init != init:
                    raise PiecesDoNotFit(f"{piece.name} was encoded with other parameters than {pieces[0].name}")
                sequence = _append_fragments(file, joined, sequence)
    index = index_fragments(out)
    _require_no_gap(index)
    return index


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


def _require_no_gap(index: TrackIndex) -> None:
    for before, after in pairwise(index.segments):
        gap = after.decode_time - before.decode_time - before.duration
        if not 0 <= gap < index.timescale * _TOLERATED:
            at = after.decode_time / index.timescale
            raise PiecesDoNotFit(f"the pieces do not follow on from each other at {at:.3f} seconds")
