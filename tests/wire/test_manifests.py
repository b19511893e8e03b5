"""Our manifests before foreign parsers in their strictest mode: while the film grows, and when it is whole."""

import json
from pathlib import Path

import pytest

from octavo.kernel.media.packaging import hls_media
from tests.kernel.media.films import a_film
from tests.kernel.media.presentations import a_presentation
from tests.wire.conftest import RunNode

pytestmark = pytest.mark.slow


async def test_hls_parser_and_mpd_parser_read_everything(tmp_path: Path, run_node: RunNode) -> None:
    film = a_film(tmp_path / "film.mp4", seconds=20, rate="24000/1001", options="-metadata:s:a:0 language=fra")
    made = await a_presentation(film, tmp_path)
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
    assert told["dash"]["complaints"] == []
    videos = [(track.name, track.pieces[0].index.init_length) for track in made.whole if track.kind == "video"]
    assert [(video["name"], video["index"]) for video in told["dash"]["video"]] == videos
    assert told["dash"]["duration"] == pytest.approx(20.02, abs=0.1)
    assert told["dash"]["audio"] == ["Français"]
