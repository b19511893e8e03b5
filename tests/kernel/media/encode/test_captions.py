"""Closed captions inside of a film's picture: found, kept picture by picture, and told to players."""

import asyncio
from pathlib import Path
from typing import NamedTuple
from uuid import UUID
from xml.etree import ElementTree

import m3u8
import pytest

from octavo.kernel.media.encode import SourceInfo, probe
from octavo.kernel.media.packaging import ContentKey, Track, encrypt_fragments
from tests.kernel.media.captioned import a_captioned_film, captions_of, said
from tests.kernel.media.films import a_film
from tests.kernel.media.presentations import Presentation, a_presentation

pytestmark = pytest.mark.slow
SECONDS = 12  # two chunks, of which the second begins in the middle of a stream without an index
KEY = ContentKey(UUID(int=7), bytes(range(16)))


class Captioned(NamedTuple):
    film: Path
    made: Presentation

    @property
    def source(self) -> SourceInfo:
        return self.made.source

    @property
    def picture(self) -> Track:
        return self.made.whole[0]


@pytest.fixture(scope="module")
def captioned(tmp_path_factory: pytest.TempPathFactory) -> Captioned:
    """A transport stream, as broadcasts are recorded."""
    folder = tmp_path_factory.mktemp("captioned")
    film = a_captioned_film(folder / "film.ts", "HELLO", seconds=SECONDS)
    return Captioned(film, asyncio.run(a_presentation(film, folder)))


def test_the_probe_sees_them(captioned: Captioned) -> None:
    assert captioned.source.video.captions is True


async def test_a_film_without_is_known_to_have_none(tmp_path: Path) -> None:
    source = await probe(a_film(tmp_path / "film.mp4", seconds=1, size="160x90"))
    assert source.video.captions is False


def test_every_picture_keeps_its_own(captioned: Captioned) -> None:
    kept = captions_of(captioned.made.folder / captioned.picture.pieces[0].uri)
    assert said(kept) == "".join(f"HELLO {second:02}" for second in range(SECONDS))
    assert len(captioned.made.growing[0].pieces) == 2
    assert kept == captions_of(captioned.film)


def test_players_of_an_encrypted_film_read_them_before_they_decrypt(tmp_path: Path) -> None:
    fragmented = "-movflags +cmaf+frag_keyframe+empty_moov+default_base_moof"
    clear = a_captioned_film(tmp_path / "film.mp4", "HELLO", seconds=1, rate=24, options=fragmented)
    encrypt_fragments(clear, tmp_path / "locked.mp4", KEY)
    assert messages(tmp_path / "locked.mp4") == messages(clear)
    assert len(messages(clear)) == 24


def messages(path: Path) -> list[bytes]:
    """The caption data of each picture as it lies in the file: 25 triplets behind their head, so slow is the film."""
    return [part[: 2 + 25 * 3] for part in path.read_bytes().split(b"GA94\x03")[1:]]


def test_manifests_name_them(captioned: Captioned) -> None:
    master = m3u8.load(str(captioned.made.folder / "master.m3u8"))
    [rendition] = [medium for medium in master.media if medium.type == "CLOSED-CAPTIONS"]
    assert (rendition.instream_id, rendition.uri, rendition.autoselect) == ("CC1", None, "YES")
    groups = {variant.stream_info.closed_captions for variant in master.playlists}
    assert {group.strip('"') for group in groups} == {rendition.group_id}
    picture = ElementTree.parse(captioned.made.folder / "manifest.mpd").find(".//{*}AdaptationSet")
    assert picture is not None
    assert [told.get("value") for told in picture.findall("{*}Accessibility")] == ["CC1"]
