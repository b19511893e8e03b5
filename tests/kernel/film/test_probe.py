"""Probing: what a film is, and a sentence where it is none."""

from itertools import pairwise
from pathlib import Path

import pytest

from octavo.kernel.film import NotAVideo, probe
from tests.kernel.media.films import a_film
from tests.kernel.media.numbered import made_by_ffmpeg

pytestmark = pytest.mark.slow
LAVFI = ("-f", "lavfi", "-i")


async def refusal(path: Path) -> str:
    with pytest.raises(NotAVideo) as refused:
        await probe(path)
    return refused.value.detail


async def test_a_plain_film_is_told_as_it_is(tmp_path: Path) -> None:
    source = await probe(a_film(tmp_path / "film.mp4", seconds=2, size="640x360", rate="30000/1001"))
    assert (source.video.width, source.video.height) == (640, 360)
    assert str(source.video.frame_rate) == "30000/1001"
    assert not source.video.variable_rate
    assert source.duration == pytest.approx(2.0, abs=0.05)
    assert [track.channels for track in source.audio] == [1]
    assert source.audio[0].default


async def test_a_film_of_a_hundred_languages_keeps_the_first_ones(tmp_path: Path) -> None:
    """Each track costs a pass over the film, and one that holds nothing costs its uploader nothing."""
    sound = [word for _ in range(40) for word in ("-map", "1:a")]
    picture = (*LAVFI, "color=red:s=64x64:d=1", *LAVFI, "anullsrc=r=8000:cl=mono", "-map", "0:v", *sound)
    film = made_by_ffmpeg(*picture, "-t", "1", "-c:a", "pcm_s16le", tmp_path / "film.mkv")
    source = await probe(film)
    assert len(source.audio) == 32
    assert [track.default for track in source.audio] == [True, *[False] * 31]


async def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(b"")
    assert await refusal(tmp_path / "film.mp4") == "The file is empty."


async def test_a_text_is_no_film(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_text("There was once a film. " * 500)
    assert "not a film" in await refusal(tmp_path / "film.mp4")


async def test_a_picture_is_no_film(tmp_path: Path) -> None:
    picture = made_by_ffmpeg(*LAVFI, "color=red:s=64x64:d=1", "-frames:v", "1", tmp_path / "picture.png")
    assert await refusal(picture) == "This is a picture, not a film."


async def test_sound_alone_is_no_film(tmp_path: Path) -> None:
    assert "no picture" in await refusal(made_by_ffmpeg(*LAVFI, "sine=d=1", "-c:a", "aac", tmp_path / "song.m4a"))


async def test_cover_art_is_no_film(tmp_path: Path) -> None:
    sound = made_by_ffmpeg(*LAVFI, "sine=d=1", tmp_path / "song.mp3")
    cover = ("-map", "0", "-map", "1", "-frames:v", "1", "-c:v", "mjpeg", "-disposition:v", "attached_pic")
    song = made_by_ffmpeg("-i", sound, *LAVFI, "color=red:s=64x64", *cover, tmp_path / "covered.mp3")
    assert "no picture" in await refusal(song)


@pytest.mark.parametrize("options", ["", "-movflags +faststart"])
@pytest.mark.parametrize("container", ["mp4", "mkv", "avi"])
async def test_a_film_cut_off_in_the_middle_is_refused(tmp_path: Path, container: str, options: str) -> None:
    whole = a_film(tmp_path / f"film.{container}", seconds=2, options=options if container == "mp4" else "")
    part = tmp_path / f"part.{container}"
    part.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert "cut off" in await refusal(part)


@pytest.mark.parametrize(
    "script", ["#EXTM3U\n#EXTINF:5,\n{film}\n#EXT-X-ENDLIST\n", "ffconcat version 1.0\nfile {film}\n"]
)
async def test_a_script_that_names_other_files_opens_none_of_them(tmp_path: Path, script: str) -> None:
    film = a_film(tmp_path / "private.mp4", seconds=1)
    (tmp_path / "upload.mp4").write_text(script.format(film=film))
    assert "not a film" in await refusal(tmp_path / "upload.mp4")


async def test_an_unknown_picture_format_is_refused(tmp_path: Path) -> None:
    film = a_film(tmp_path / "film.mp4", seconds=1)
    film.write_bytes(film.read_bytes().replace(b"avc1", b"zzzz"))
    assert "format that is not known" in await refusal(film)


async def test_a_film_of_noise_is_refused(tmp_path: Path) -> None:
    film = a_film(tmp_path / "film.mp4", seconds=1, sound=False)
    data = film.read_bytes()
    start = data.index(b"mdat") + 4
    end = data.index(b"moov") - 4
    film.write_bytes(data[:start] + b"\x5a" * (end - start) + data[end:])
    assert "cannot be decoded" in await refusal(film)


async def test_a_turned_phone_film_stands_upright(tmp_path: Path) -> None:
    lying = a_film(tmp_path / "lying.mp4", seconds=1, sound=False)
    turned = made_by_ffmpeg("-display_rotation", "90", "-i", lying, "-c", "copy", tmp_path / "turned.mp4")
    source = await probe(turned)
    assert (source.video.width, source.video.height) == (360, 640)
    assert source.video.rotation in (90, 270)


async def test_wide_pixels_make_a_wide_picture(tmp_path: Path) -> None:
    source = await probe(a_film(tmp_path / "tv.mp4", seconds=1, size="720x576", options="-vf setsar=16/11"))
    assert (source.video.width, source.video.height) == (1047, 576)


async def test_dropped_frames_make_a_variable_rate_on_its_own_grid(tmp_path: Path) -> None:
    drop = "-vf select='not(eq(mod(n,7),3))' -fps_mode vfr"
    source = await probe(a_film(tmp_path / "screen.mp4", seconds=5, rate="30", options=drop))
    assert source.video.variable_rate
    assert str(source.video.frame_rate) == "30"


async def test_a_recording_without_a_duration_is_measured(tmp_path: Path) -> None:
    options = ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-live", "1")
    recording = made_by_ffmpeg(*LAVFI, "testsrc2=s=320x240:r=25:d=4", *options, tmp_path / "browser.webm")
    assert (await probe(recording)).duration == pytest.approx(4.0, abs=0.1)


async def test_a_bare_stream_of_frames_is_counted(tmp_path: Path) -> None:
    film = a_film(tmp_path / "film.mp4", seconds=2, sound=False)
    bare = made_by_ffmpeg("-i", film, "-c", "copy", "-bsf:v", "h264_mp4toannexb", tmp_path / "film.h264")
    assert (await probe(bare)).duration == pytest.approx(2.0, abs=0.1)


async def test_ten_languages_are_ten_tracks_with_one_default(tmp_path: Path) -> None:
    codes = ["eng", "fra", "ger", "jpn", "kor", "por", "rus", "spa", "ita", "tur"]
    sounds = [word for n in range(10) for word in ("-f", "lavfi", "-i", f"sine=f={200 + 40 * n}:d=1")]
    maps = [word for n in range(11) for word in ("-map", str(n))]
    tags = [word for n, code in enumerate(codes) for word in (f"-metadata:s:a:{n}", f"language={code}")]
    picture = (*LAVFI, "testsrc2=s=320x240:r=25:d=1")
    source = await probe(made_by_ffmpeg(*picture, *sounds, *maps, *tags, "-c:a", "aac", tmp_path / "world.mkv"))
    assert [track.language for track in source.audio] == ["en", "fr", "de", "ja", "ko", "pt", "ru", "es", "it", "tr"]
    assert source.audio[2].label == "Deutsch"
    assert [track.default for track in source.audio].count(True) == 1


async def test_ten_bits_and_high_dynamic_range_are_seen(tmp_path: Path) -> None:
    colours = "color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc"
    x265 = "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"
    picture = (*LAVFI, "testsrc2=s=320x240:r=25:d=1", "-vf", f"format=yuv420p10le,setparams={colours}")
    encoder = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", x265)
    source = await probe(made_by_ffmpeg(*picture, *encoder, tmp_path / "bright.mkv"))
    assert (source.video.bit_depth, source.video.hdr) == (10, "pq")


async def test_the_cuts_of_a_long_film_are_key_frames_a_minute_apart(tmp_path: Path) -> None:
    film = a_film(tmp_path / "long.mp4", seconds=200, size="64x64", rate="10", sound=False)
    source = await probe(film)
    assert source.cuts[0] == pytest.approx(8, abs=2.5)
    assert source.cuts[1] == pytest.approx(28, abs=2.5)
    rest = [*source.cuts[1:], source.duration]
    assert all(55 <= after - before <= 60 for before, after in pairwise(rest))
    assert all(round(cut * 10) % 24 == 0 for cut in source.cuts)
