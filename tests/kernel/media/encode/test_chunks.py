"""Chunks: no frame lost, doubled or moved at their borders, whatever the source; the same bytes each time."""

import asyncio
import hashlib
from bisect import bisect_right
from pathlib import Path

import av
import pytest
from msgspec.structs import replace

from octavo.kernel.media.encode import (
    EncodeCancelled,
    EncodeFailed,
    encode_chunk,
    first_rung,
    ladder,
    plan_chunks,
    probe,
)
from octavo.kernel.media.packaging import join_pieces
from tests.kernel.media.films import a_film, decode_errors
from tests.kernel.media.numbered import X264, a_numbered_film, made_by_ffmpeg, shown_frames
from tests.kernel.media.presentations import every_chunk

pytestmark = pytest.mark.slow

OPEN_GOP = (*X264, "-x264-params", "open-gop=1:keyint=50:bframes=3:b-adapt=0")
HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "open-gop=1:keyint=50:bframes=3:log-level=none")
VP9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "60", "-b:v", "300k")
SOURCES = {
    "constant.mp4": ("25", X264),
    "film-rate.mkv": ("24000/1001", X264),
    "open-groups.ts": ("25", OPEN_GOP),
    "open-groups.mkv": ("25", OPEN_GOP),
    "late-start.mkv": ("25", (*X264, "-output_ts_offset", "5")),
    "open-groups-hevc.mp4": ("25", HEVC),
    "browser.webm": ("30000/1001", VP9),
    "broadcast.ts": ("25", ("-c:v", "mpeg2video", "-bf", "2", "-g", "15", "-b:v", "2M")),
    "old.avi": ("25", ("-c:v", "mpeg4", "-bf", "2", "-g", "50", "-q:v", "3")),
    "one-key-frame.mp4": ("25", ("-c:v", "libx264", "-preset", "ultrafast", "-g", "9999")),
}


async def encoded(film: Path, folder: Path) -> list[tuple[float, int]]:
    """The frames that a viewer of the joined top rung sees."""
    source = await probe(film)
    rung = ladder(source)[0]
    chunks = await every_chunk(film, folder, [rung], source)
    assert len(chunks[rung.name]) > 1 or not source.cuts
    join_pieces(chunks[rung.name], folder / "joined.mp4")
    assert decode_errors(folder / "joined.mp4") == ""
    return shown_frames(folder / "joined.mp4")


@pytest.mark.parametrize("name", SOURCES)
async def test_every_frame_is_shown_once_and_in_its_place(tmp_path: Path, name: str) -> None:
    rate, encoder = SOURCES[name]
    film = a_numbered_film(tmp_path / name, rate=rate, encoder=encoder)
    source = await probe(film)
    shown = await encoded(film, tmp_path)
    assert [number for _, number in shown] == [number for _, number in shown_frames(film)]
    grid = [float(n / source.video.frame_rate.fraction) for n in range(len(shown))]
    assert [time for time, _ in shown] == pytest.approx(grid, abs=0.001)


async def test_pictures_larger_than_the_probe_allows_are_not_decoded_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A film may change its size in the middle, and the probe has seen its first picture only."""
    film = a_film(tmp_path / "film.mp4", seconds=1, size="320x180")
    source = await probe(film)
    monkeypatch.setattr("octavo.kernel.media.encode.ffmpeg.MOST_PIXELS", 320 * 180 - 1)
    with pytest.raises(EncodeFailed):
        await encode_chunk(film, tmp_path, plan_chunks(source)[0], ladder(source), source)


async def test_a_film_cut_by_an_edit_list_shows_what_its_player_shows(tmp_path: Path) -> None:
    whole = a_numbered_film(tmp_path / "whole.mp4")
    film = made_by_ffmpeg("-ss", "1.5", "-i", whole, "-c", "copy", tmp_path / "cut.mp4")
    shown = await encoded(film, tmp_path)
    assert [number for _, number in shown] == [number for _, number in shown_frames(film)]


async def test_a_variable_rate_keeps_every_moment_on_the_grid(tmp_path: Path) -> None:
    drop = ("-vf", "select='not(eq(mod(n,7),3))'", "-fps_mode", "vfr", *X264)
    film = made_by_ffmpeg("-i", a_numbered_film(tmp_path / "whole.mp4", rate="30"), *drop, tmp_path / "screen.mp4")
    frames = shown_frames(film)
    places = [round(time * 30) for time, _ in frames]
    shown = await encoded(film, tmp_path)
    assert [number for _, number in shown] == [frames[bisect_right(places, n) - 1][1] for n in range(len(shown))]
    assert len(shown) == 75 * 30


async def test_the_same_chunk_has_the_same_bytes_each_time(tmp_path: Path) -> None:
    film = a_film(tmp_path / "film.mp4", seconds=3)
    source = await probe(film)
    hashes = []
    for idle in (False, True):
        chunks = await encode_chunk(film, tmp_path, plan_chunks(source)[0], ladder(source), source, idle=idle)
        hashes.append({name: hashlib.sha256(chunk.path.read_bytes()).hexdigest() for name, chunk in chunks.items()})
    assert hashes[0] == hashes[1]
    assert len(set(hashes[0].values())) == 2


async def test_the_first_rung_is_the_same_with_the_others_as_without(tmp_path: Path) -> None:
    film = a_film(tmp_path / "film.mp4", seconds=3, size="1280x720")
    source = await probe(film)
    rungs, span = ladder(source), plan_chunks(source)[0]
    first = first_rung(rungs)
    alone = (await encode_chunk(film, tmp_path, span, [first], source))[first.name].path.read_bytes()
    together = await encode_chunk(film, tmp_path, span, rungs, source)
    assert len(together) == 4
    assert together[first.name].path.read_bytes() == alone


async def test_the_rungs_of_a_film_share_their_key_frames(tmp_path: Path) -> None:
    film = a_film(tmp_path / "film.mp4", seconds=9)
    source = await probe(film)
    chunks = await encode_chunk(film, tmp_path, plan_chunks(source)[0], ladder(source), source)
    times = [[segment.decode_time for segment in chunk.index.segments] for chunk in chunks.values()]
    assert times[0] == times[1]
    assert len(times[0]) == 9


@pytest.mark.parametrize(
    ("name", "size", "pixels"),
    [("dot.mkv", "1x1", "yuv444p"), ("odd.mkv", "321x243", "yuv444p"), ("deep.mkv", "320x240", "yuv422p10le")],
)
async def test_unusual_pictures_become_ordinary_ones(tmp_path: Path, name: str, size: str, pixels: str) -> None:
    red = ("-f", "lavfi", "-i", f"color=red:s={size}:r=25:d=1", "-c:v", "ffv1", "-pix_fmt", pixels)
    film = made_by_ffmpeg(*red, tmp_path / name)
    source = await probe(film)
    chunk = (await encode_chunk(film, tmp_path, plan_chunks(source)[0], ladder(source)[:1], source)).popitem()[1]
    with av.open(str(chunk.path)) as made:
        frames = list(made.decode(video=0))
    assert len(frames) == 25
    assert frames[0].format.name == "yuv420p"
    assert (frames[0].width, frames[0].height) == (chunk.index.width, chunk.index.height)


async def test_a_bright_film_is_mapped_to_ordinary_screens(tmp_path: Path) -> None:
    colours = "color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc"
    x265 = "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"
    bright = ("-vf", f"format=yuv420p10le,setparams={colours}", "-c:v", "libx265", "-x265-params", x265)
    film = made_by_ffmpeg("-f", "lavfi", "-i", "testsrc2=s=320x240:r=25:d=1", *bright, tmp_path / "bright.mkv")
    source = await probe(film)
    chunk = (await encode_chunk(film, tmp_path, plan_chunks(source)[0], ladder(source)[:1], source)).popitem()[1]
    with av.open(str(chunk.path)) as made:
        frame = next(made.decode(video=0))
    assert (frame.format.name, int(frame.color_trc)) == ("yuv420p", 1)


async def test_a_film_that_ends_before_its_plan_says_so(tmp_path: Path) -> None:
    film = a_film(tmp_path / "film.mp4", seconds=2, sound=False)
    source = await probe(film)
    span = replace(plan_chunks(source)[0], frames=100)
    with pytest.raises(EncodeFailed) as failed:
        await encode_chunk(film, tmp_path, span, ladder(source)[-1:], source)
    assert "ends at 0:02" in failed.value.detail


async def test_a_cancelled_chunk_ends_at_once(tmp_path: Path) -> None:
    film = a_film(tmp_path / "film.mp4", seconds=60, size="1280x720", sound=False)
    source = await probe(film)
    cancelled = asyncio.Event()
    heard: list[float] = []

    def progress(share: float) -> None:
        heard.append(share)
        cancelled.set()

    with pytest.raises(EncodeCancelled):
        span = plan_chunks(source)[-1]
        await encode_chunk(film, tmp_path, span, ladder(source), source, progress=progress, cancelled=cancelled)
    assert heard[0] < 1
