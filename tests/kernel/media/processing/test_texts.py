"""Subtitles inside of an uploaded film become subtitles of the title, on the film's clock."""

import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import imageio_ffmpeg
import m3u8
import pytest
from msgspec import structs

from octavo.kernel.clock import now
from octavo.kernel.context import Context, Engines
from octavo.kernel.http import FileRange
from octavo.kernel.ids import new_id
from octavo.kernel.media import Subtitle, delete_asset, playback, subtitles_of
from octavo.kernel.media.encode import extract_texts, probe
from octavo.kernel.media.garbage.actions import remove_asset_files, sweep_strays
from octavo.kernel.media.places import subtitle_key
from tests.kernel.media.delivery.test_playing import fetched, text_of
from tests.kernel.media.house import a_person, eventually, settled, uploaded, working

pytestmark = pytest.mark.slow
WORDS = "1\n00:00:01,000 --> 00:00:02,000\n{}\n"


def with_texts(film: Path, path: Path) -> Path:
    """The film, half a second later on its own clock, with an English and a forced French track, and a broken one."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y", "-i", str(film)]
    for name, words in (("en", WORDS.format("Good <i>morning</i>")), ("fr", WORDS.format("Gare du Nord"))):
        file = path.with_suffix(f".{name}.srt")
        file.write_text(words, encoding="utf-8")
        command += ["-i", str(file)]
    command += ["-map", "0", "-map", "1", "-map", "2", "-c", "copy", "-output_ts_offset", "0.5"]
    command += ["-metadata:s:s:0", "language=eng", "-metadata:s:s:1", "language=fre"]
    command += ["-metadata:s:s:1", "title=Panneaux", "-disposition:s:1", "forced", str(path)]
    subprocess.run(command, check=True)
    return path


async def test_text_tracks_are_extracted_listed_played_and_deleted(
    engines: Engines, short_film: Path, tmp_path: Path
) -> None:
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, with_texts(short_film, tmp_path / "texts.mkv"))
    async with working(engines):
        assert (await settled(ctx, asset_id)).state == "complete"

        async def look() -> list[Subtitle] | None:
            return await subtitles_of(ctx.db.main, asset_id) or None

        found = await eventually(look)
    assert [(one.language, one.label, one.forced, one.cues) for one in found] == [
        ("en", "English", False, 1),
        ("fr", "Panneaux", True, 1),
    ]
    granted = await playback(ctx, asset_id)
    master = m3u8.loads(await text_of(ctx, granted.hls_url))
    subtitles = [media for media in master.media if media.type == "SUBTITLES"]
    assert [(media.name, media.language, media.forced) for media in subtitles] == [
        ("English", "en", "NO"),
        ("Panneaux", "fr", "YES"),
    ]
    assert {playlist.stream_info.subtitles for playlist in master.playlists} == {"text"}
    folder = granted.hls_url.rpartition("/")[0]
    [segment] = m3u8.loads(await text_of(ctx, f"{folder}/{subtitles[0].uri}")).segments
    file = await fetched(ctx, f"{folder}/{segment.uri}")
    assert isinstance(file, FileRange)
    assert isinstance(file.source, Path)
    assert file.content_type == "text/vtt"
    written = file.source.read_text(encoding="utf-8")
    assert written == "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nGood <i>morning</i>\n"
    assert 'mimeType="text/vtt" lang="fr"' in await text_of(ctx, granted.dash_url)
    await _sweeping_keeps_them(ctx, found)
    async with ctx.db.main.transaction() as tx:
        await delete_asset(ctx, tx, asset_id)
    await remove_asset_files(ctx, asset_id)
    assert await subtitles_of(ctx.db.main, asset_id) == []
    assert [blob.key async for blob in ctx.blobs.list(f"media/{asset_id}")] == []


async def _sweeping_keeps_them(ctx: Context, found: list[Subtitle]) -> None:
    """And takes those that no row has come to know."""
    stray = subtitle_key(found[0].asset_id, f"text-{new_id().hex}")
    await ctx.blobs.put(stray, b"WEBVTT\n")
    await sweep_strays(replace(ctx, now=now() + timedelta(seconds=ctx.settings.media.stray_age + 60)))
    assert await ctx.blobs.head(stray) is None
    assert all([await ctx.blobs.head(one.key) for one in found])


async def test_a_track_that_cannot_be_read_takes_no_other_with_it(short_film: Path, tmp_path: Path) -> None:
    film = with_texts(short_film, tmp_path / "texts.mkv")
    source = await probe(film)
    english, french = source.texts
    announced = structs.replace(french, index=99)
    found = await extract_texts(film, tmp_path, structs.replace(source, texts=(announced, english)))
    assert list(found) == [english]
    assert "Good <i>morning</i>" in found[english].read_text(encoding="utf-8")
