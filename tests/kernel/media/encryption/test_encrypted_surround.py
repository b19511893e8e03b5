"""Surround sound of an encrypted film: under the film's key like all else, and whole for whoever has that key."""

import asyncio
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import imageio_ffmpeg
import m3u8
import pytest

from octavo.kernel.context import Context, Engines
from octavo.kernel.media import playback
from octavo.kernel.media.encode import encode_chunk, planned_sounds, probe
from octavo.kernel.media.encryption.queries import content_key
from octavo.kernel.media.packaging import ContentKey, join_pieces
from octavo.kernel.media.processing import jobs
from tests.kernel.media.encryption.test_encrypted_films import keys_of, text_of
from tests.kernel.media.films import sound_tracks
from tests.kernel.media.house import a_person, settled, uploaded, working
from tests.kernel.media.numbered import made_by_ffmpeg
from tests.kernel.media.presentations import sound_pieces

pytestmark = pytest.mark.slow

SECONDS = 2.5
SURROUND = {"surround-0": "ac-3", "surround-1": "ec-3", "surround-2": "mp4a.40.2"}
TRACK = "SELECT key FROM media.rendition WHERE asset_id = $1 AND rendition = $2"
PIECES = "SELECT count(DISTINCT rendition) FROM media.chunk WHERE rendition LIKE 'surround-%' AND state = 'ready'"
DEFAULT_KEY = "{urn:mpeg:cenc:2013}default_KID"
TRACKS = (("1:a", "ac3", "eng"), ("1:a", "eac3", "spa"), ("1:a", "aac", "deu"))


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three times 5.1 channels; they begin after the picture, so that what is copied loses no frame."""
    channels = "|".join(f"0.3*sin(2*PI*{tone}*t)" for tone in (200, 400, 600, 60, 800, 1000))
    picture = ("-f", "lavfi", "-i", f"testsrc2=s=160x90:r=25:d={SECONDS}")
    sound = ("-itsoffset", "0.1", "-f", "lavfi", "-i", f"aevalsrc='{channels}':c=5.1:s=48000:d={SECONDS - 0.1}")
    encoded = ("-map", "0:v", "-c:v", "libx264", "-preset", "ultrafast", *sound_tracks(*TRACKS))
    return made_by_ffmpeg(*picture, *sound, *encoded, tmp_path_factory.mktemp("film") / "film.mkv")


def encrypting_surround(engines: Engines) -> Engines:
    media = type(engines.settings.media)(encryption="clear-key", surround_sound=True)
    return replace(engines, settings=engines.settings.__replace__(media=media))


def heard(path: Path, track: int = 0, key: ContentKey | None = None) -> list[list[str]]:
    """When each block of samples begins, how many they are, and their hash, by a decoder that nobody here wrote.

    What an encoder made to begin with, and marked as not to be heard, is heard too.
    """
    opening = ["-copyts", "-flags2", "skip_manual", *(("-decryption_key", key.secret.hex()) if key else ())]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "quiet", *opening, "-i", str(path), "-map", f"0:a:{track}"]
    said = subprocess.run([*command, "-f", "framemd5", "-"], capture_output=True, text=True, check=False).stdout
    lines = [line.split(",") for line in said.splitlines() if not line.startswith("#")]
    return [[begin, samples, content] for _, _, begin, samples, _, content, *_ in lines]


async def test_surround_sound_is_encrypted_and_told_and_whole_under_its_key(
    engines: Engines, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engines = encrypting_surround(engines)
    ctx = a_person(engines)

    async def after_the_sound(*what: Any, **how: Any) -> Any:
        """So that what nobody waits for is there before the film can be played."""
        while await ctx.db.main.value(PIECES) < len(SURROUND):
            await asyncio.sleep(0.02)
        return await encode_chunk(*what, **how)

    monkeypatch.setattr(jobs, "encode_with_ffmpeg", after_the_sound)
    asset_id = await uploaded(ctx, film)
    async with working(engines):
        assert (await settled(ctx, asset_id)).state == "complete"
    (key_id,) = await keys_of(ctx, asset_id)
    addresses = await playback(ctx, asset_id)
    await _look_at_hls(ctx, addresses.hls_url, key_id)
    _look_at_dash(await text_of(ctx, addresses.dash_url), key_id)
    expected = await _without_encryption(film, tmp_path)
    assert min(map(len, expected.values())) > (SECONDS - 0.2) * 48000 / 1536
    key = await content_key(ctx, asset_id, key_id)
    for name in SURROUND:
        stored = await ctx.db.main.value(TRACK, asset_id, name)
        async with ctx.blobs.local_copy(stored) as path:
            assert heard(path) != expected[name]
            assert heard(path, key=key) == expected[name]


async def _look_at_hls(ctx: Context, address: str, key_id: UUID) -> None:
    """Not while the film grew, since nobody waits for it; then in the groups, each with the key in its playlist."""
    growing = m3u8.loads(await text_of(ctx, f"{address.rsplit('/', 2)[0]}/1/master.m3u8"))
    assert {media.channels for media in growing.media} == {"2"}
    master = m3u8.loads(await text_of(ctx, address))
    groups = {(media.group_id, media.channels, media.uri) for media in master.media if media.channels == "6"}
    assert groups == {
        ("surround-ac-3", "6", "surround-0.m3u8"),
        ("surround-ec-3", "6", "surround-1.m3u8"),
        ("audio", "6", "surround-2.m3u8"),
    }
    for name in SURROUND:
        playlist = await text_of(ctx, address.replace("master", name))
        assert f'#EXT-X-KEY:METHOD=SAMPLE-AES-CTR,URI="{key_id}.key",KEYFORMAT="identity"' in playlist


def _look_at_dash(manifest: str, key_id: UUID) -> None:
    sets = ElementTree.fromstring(manifest).iterfind(".//{*}AdaptationSet[@selectionPriority='1']")
    told = [
        (one.find("{*}Representation"), one.find("{*}ContentProtection"), one.find(".//{*}AudioChannelConfiguration"))
        for one in sets
    ]
    found = [
        (sound.get("id"), sound.get("codecs"), protection.get(DEFAULT_KEY), channels.get("value"))
        for sound, protection, channels in told
    ]
    assert found == [(name, codec, str(key_id), "6") for name, codec in SURROUND.items()]


async def _without_encryption(film: Path, folder: Path) -> dict[str, list[str]]:
    """What is to be heard: of what is copied the source itself, and the same work without a key of what is encoded."""
    source = await probe(film)
    pieces = await sound_pieces(film, folder, planned_sounds(source, surround=True)["surround-2"], source)
    join_pieces([piece.path for piece in pieces], folder / "encoded.mp4")
    return {"surround-0": heard(film, 0), "surround-1": heard(film, 1), "surround-2": heard(folder / "encoded.mp4")}
