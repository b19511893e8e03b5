"""Our manifests before foreign parsers in their strictest mode: while the film grows, and when it is whole."""

import json
from pathlib import Path
from uuid import UUID

import m3u8
import pytest
from msgspec.structs import replace

from octavo.kernel.media.packaging import (
    Storyboard,
    TextFile,
    dash_manifest,
    hls_key_frames,
    hls_master,
    hls_media,
    hls_text,
)
from tests.kernel.media.films import a_film
from tests.kernel.media.presentations import Presentation, a_presentation
from tests.wire.conftest import RunNode

pytestmark = pytest.mark.slow
SECONDS = 12.0
KEY = UUID(int=0x0123456789ABCDEF)
TEXTS = [
    TextFile("de", "de", "Deutsch", SECONDS, bytes=400),
    TextFile("de-2", "de", "Deutsch", SECONDS, bytes=100, forced=True),
]


async def _a_presentation(folder: Path) -> Presentation:
    """With all that manifests can hold: two languages of words, small pictures, key frames, and a key."""
    options = "-metadata:s:a:0 language=fra"
    film = a_film(folder / "film.mp4", seconds=SECONDS, size="640x360", rate="24000/1001", options=options)
    made = await a_presentation(film, folder)
    locked = [replace(track, key_id=KEY) for track in made.whole]
    board = Storyboard(1, 12, 5, 5, 160, 90, seconds=SECONDS, bytes=20_000)
    (folder / "master.m3u8").write_text(hls_master(locked, TEXTS))
    (folder / "manifest.mpd").write_text(dash_manifest(locked, TEXTS, board))
    for text in TEXTS:
        (folder / text.playlist_uri).write_text(hls_text(text))
    for track in locked:
        (folder / track.playlist_uri).write_text(hls_media(track))
        if track.kind == "video":
            (folder / track.key_frame_playlist_uri).write_text(hls_key_frames(track))
    return made


async def test_hls_parser_and_mpd_parser_read_everything(tmp_path: Path, run_node: RunNode) -> None:
    made = await _a_presentation(tmp_path)
    for track in made.growing:
        (tmp_path / f"growing-{track.name}.m3u8").write_text(hls_media(track))
    judge = run_node("manifest_judge.mjs", str(tmp_path))
    out, complaints = judge.communicate(timeout=60)
    assert (judge.returncode, complaints) == (0, "")
    told = json.loads(out)
    names = [track.name for track in made.whole]
    assert names == ["360p", "240p", "audio-0"]
    for track in made.whole:
        segments = len(track.pieces[0].index.segments)
        assert told["playlists"][f"{track.name}.m3u8"] == {"segments": segments, "type": "VOD", "ended": True}
        growing = {"segments": segments, "type": "EVENT", "ended": False}
        assert told["playlists"][f"growing-{track.name}.m3u8"] == growing
    assert told["playlists"]["master.m3u8"]["variants"] == ["360p.m3u8", "240p.m3u8"]
    assert told["playlists"]["master.m3u8"]["keyFrames"] == ["360p-keyframes.m3u8", "240p-keyframes.m3u8"]
    assert told["playlists"]["master.m3u8"]["subtitles"] == {"Deutsch": "de.m3u8", "Deutsch (2)": "de-2.m3u8"}
    assert told["playlists"]["de.m3u8"] == {"segments": 1, "type": "VOD", "ended": True}
    assert told["dash"]["complaints"] == []
    assert told["dash"]["subtitles"] == ["Deutsch", "Deutsch (2)"]
    assert told["dash"]["keys"] == [["mp4protection"]] * 2
    videos = [(track.name, track.pieces[0].index.init_length) for track in made.whole if track.kind == "video"]
    assert [(video["name"], video["index"]) for video in told["dash"]["video"]] == videos
    assert told["dash"]["duration"] == pytest.approx(SECONDS, abs=0.1)
    assert told["dash"]["audio"] == ["Français"]
    _read_by_m3u8(tmp_path, made)


def _read_by_m3u8(folder: Path, made: Presentation) -> None:
    """A second parser, in its strict form, agrees on every address and every byte."""
    master = m3u8.M3U8((folder / "master.m3u8").read_text(), strict=True)
    assert [(one.type, one.uri, one.language) for one in master.media] == [
        ("AUDIO", "audio-0.m3u8", "fr"),
        ("SUBTITLES", "de.m3u8", "de"),
        ("SUBTITLES", "de-2.m3u8", "de"),
    ]
    assert {one.stream_info.subtitles for one in master.playlists} == {"text"}
    assert [one.uri for one in master.iframe_playlists] == ["360p-keyframes.m3u8", "240p-keyframes.m3u8"]
    for track in made.whole:
        playlist = m3u8.M3U8((folder / track.playlist_uri).read_text(), strict=True)
        ranges = [f"{segment.length}@{segment.offset}" for segment in track.pieces[0].index.segments]
        assert [segment.byterange for segment in playlist.segments] == ranges
        assert {(key.method, key.keyformat) for key in playlist.keys if key} == {
            ("SAMPLE-AES-CTR", "identity"),
            ("SAMPLE-AES-CTR", "org.w3.clearkey"),
        }
    frames = m3u8.M3U8((folder / "240p-keyframes.m3u8").read_text(), strict=True)
    assert frames.is_i_frames_only
    assert len(frames.segments) == len(made.whole[1].pieces[0].index.segments)
