"""Joining: the bytes of the pieces behind one initialisation segment, and nothing that does not fit."""

import struct
from pathlib import Path

import pytest

from octavo.kernel.media.encode import ladder, probe
from octavo.kernel.media.packaging import BrokenBoxes, PiecesDoNotFit, index_fragments, join_pieces
from tests.kernel.media.films import a_film
from tests.kernel.media.numbered import a_numbered_film
from tests.kernel.media.presentations import every_chunk

pytestmark = pytest.mark.slow


@pytest.fixture
async def chunks(tmp_path: Path) -> list[Path]:
    film = a_numbered_film(tmp_path / "film.mp4")
    source = await probe(film)
    return next(iter((await every_chunk(film, tmp_path, ladder(source), source)).values()))


async def test_the_joined_track_has_every_segment_of_its_pieces(chunks: list[Path], tmp_path: Path) -> None:
    joined = join_pieces(chunks, tmp_path / "joined.mp4")
    pieces = [index_fragments(chunk) for chunk in chunks]
    assert [s.decode_time for s in joined.segments] == [s.decode_time for piece in pieces for s in piece.segments]
    assert joined.size == (tmp_path / "joined.mp4").stat().st_size
    assert joined.init_sha256 == pieces[0].init_sha256
    data = (tmp_path / "joined.mp4").read_bytes()
    numbers = [int.from_bytes(data[s.offset + 20 : s.offset + 24], "big") for s in joined.segments]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_the_segment_index_says_where_every_segment_lies(chunks: list[Path], tmp_path: Path) -> None:
    joined = join_pieces(chunks, tmp_path / "joined.mp4")
    data = (tmp_path / "joined.mp4").read_bytes()[joined.init_length : joined.init_length + joined.sidx_length]
    assert data[4:8] == b"sidx"
    _, timescale, start, gap, _, count = struct.unpack_from(">IIQQHH", data, 12)
    assert (timescale, start, gap, count) == (joined.timescale, 0, 0, len(joined.segments))
    listed = [struct.unpack_from(">II", data, 40 + 12 * n) for n in range(count)]
    assert listed == [(segment.length, segment.duration) for segment in joined.segments]
    assert joined.segments[0].offset == joined.init_length + joined.sidx_length


async def test_a_missing_piece_is_noticed(chunks: list[Path], tmp_path: Path) -> None:
    assert len(chunks) == 3
    with pytest.raises(PiecesDoNotFit):
        join_pieces([chunks[0], chunks[2]], tmp_path / "joined.mp4")


async def test_pieces_of_different_encodings_do_not_fit(chunks: list[Path], tmp_path: Path) -> None:
    film = a_film(tmp_path / "other.mp4", seconds=1, sound=False)
    source = await probe(film)
    other = (await every_chunk(film, tmp_path, ladder(source), source))["360p"][0]
    with pytest.raises(PiecesDoNotFit):
        join_pieces([chunks[0], other], tmp_path / "joined.mp4")


async def test_half_a_piece_is_broken(chunks: list[Path]) -> None:
    chunks[0].write_bytes(chunks[0].read_bytes()[:-100])
    with pytest.raises(BrokenBoxes):
        index_fragments(chunks[0])
