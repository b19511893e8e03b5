"""What we package, decoded by ffmpeg without a word of complaint: growing, whole, and every rendition."""

import io
from pathlib import Path

import av
import m3u8
import pytest

from octavo.kernel.media.packaging import hls_master, hls_media
from tests.kernel.media.films import a_film, decode_errors
from tests.kernel.media.presentations import Presentation, a_presentation

pytestmark = pytest.mark.slow


@pytest.fixture
async def presentation(tmp_path: Path) -> Presentation:
    return await a_presentation(a_film(tmp_path / "film.mp4", seconds=20, size="640x360"), tmp_path)


async def test_every_playlist_decodes_cleanly(presentation: Presentation) -> None:
    for track in presentation.whole:
        assert decode_errors(presentation.folder / track.playlist_uri) == ""


@pytest.mark.parametrize("manifest", ["master.m3u8", "manifest.mpd"])
async def test_every_rendition_of_a_manifest_decodes_cleanly(presentation: Presentation, manifest: str) -> None:
    assert decode_errors(presentation.folder / manifest) == ""


async def test_every_range_of_a_key_frame_playlist_is_one_key_frame_in_its_place(presentation: Presentation) -> None:
    for track in presentation.whole[:2]:
        content = (presentation.folder / track.pieces[0].uri).read_bytes()
        playlist = m3u8.loads((presentation.folder / track.key_frame_playlist_uri).read_text())
        at = 0.0
        for segment in playlist.segments:
            length, start = map(int, segment.byterange.split("@"))
            asked = io.BytesIO(content[: track.pieces[0].index.init_length] + content[start : start + length])
            with av.open(asked) as played:
                frame = next(played.decode(played.streams.video[0]))
            assert frame.key_frame
            assert frame.time == pytest.approx(at, abs=0.01)
            at += segment.duration
        assert at == pytest.approx(20, abs=0.1)


async def test_pieces_play_as_they_are_while_the_film_grows(presentation: Presentation) -> None:
    for track in presentation.growing:
        assert len(track.pieces) == 2
        growing = presentation.folder / f"growing-{track.name}.m3u8"
        growing.write_text(hls_media(track) + "#EXT-X-ENDLIST\n")
        assert decode_errors(growing) == ""
        with av.open(str(growing)) as played:
            last = max(float(frame.time or 0) for frame in played.decode(played.streams[0]))
        assert last == pytest.approx(20, abs=0.1)


async def test_picture_and_sound_begin_together(presentation: Presentation) -> None:
    starts = []
    for track in presentation.whole:
        with av.open(str(presentation.folder / track.pieces[0].uri)) as played:
            starts.append(float(next(played.decode(played.streams[0])).time or 0))
    assert starts == pytest.approx([0.0] * len(starts), abs=0.02)


async def test_caps_hold_for_what_was_encoded(presentation: Presentation) -> None:
    for track in presentation.growing:
        for piece in track.pieces:
            for segment in piece.index.segments:
                seconds = segment.duration / piece.index.timescale
                assert segment.length * 8 / max(seconds, 2.0) <= track.cap
    assert "480p" not in hls_master(presentation.whole)
