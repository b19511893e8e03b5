"""The DASH manifest, read as XML."""

from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from octavo.kernel.media.packaging import NotFinished, TextFile, dash_manifest
from tests.kernel.media.packaging.tracks import a_video_track, an_audio_track, an_index

MPD = {"mpd": "urn:mpeg:dash:schema:mpd:2011"}


def test_each_track_is_one_file_with_its_index() -> None:
    manifest = dash_manifest([a_video_track(an_index([4, 4, 4, 1], [1000, 2000, 3000, 400]), ended=True)])
    root = ElementTree.fromstring(manifest)
    assert root.get("mediaPresentationDuration") == "PT13.000S"
    assert root.findtext(".//mpd:BaseURL", namespaces=MPD) == "480p/0000.mp4"
    base = root.find(".//mpd:SegmentBase", MPD)
    assert base is not None
    assert base.get("indexRange") == "600-699"
    assert [init.get("range") for init in base] == ["0-599"]


def test_each_language_is_an_adaptation_set() -> None:
    video = a_video_track(an_index([4, 4], [1000, 2000]), ended=True)
    sounds = [an_audio_track(label="<English>"), an_audio_track("audio-1", language="fr", default=False)]
    root = ElementTree.fromstring(dash_manifest([video, *sounds]))
    assert [group.get("lang") for group in root.iterfind(".//mpd:AdaptationSet", MPD)] == [None, "en", "fr"]
    assert [role.get("value") for role in root.iterfind(".//mpd:Role", MPD)] == ["main", "alternate"]
    assert root.findtext(".//mpd:Label", namespaces=MPD) == "<English>"


def test_subtitles_are_files_beside_the_tracks() -> None:
    video = a_video_track(an_index([4, 4], [1000, 2000]), ended=True)
    texts = [TextFile("text-1", "de", "Deutsch", 8, 900), TextFile("text-2", "und", "", 8, 90, forced=True)]
    root = ElementTree.fromstring(dash_manifest([video], texts))
    groups = root.findall(".//mpd:AdaptationSet[@contentType='text']", MPD)
    assert [(group.get("lang"), group.get("id")) for group in groups] == [("de", "1"), ("und", "2")]
    assert [group.findtext(".//mpd:BaseURL", namespaces=MPD) for group in groups] == ["text-1.vtt", "text-2.vtt"]
    assert [role.get("value") for role in root.iterfind(".//mpd:Role", MPD)] == ["subtitle", "forced-subtitle"]


def test_a_film_that_still_grows_has_no_dash_manifest() -> None:
    with pytest.raises(NotFinished):
        dash_manifest([a_video_track(an_index([4], [1000]), ended=False)])


def test_what_players_never_change_between_is_a_set_of_its_own() -> None:
    plain = a_video_track(an_index([4, 4], [1000, 2000]), ended=True)
    bright = replace(plain, name="480p-av1-hdr", video_range="HLG")
    root = ElementTree.fromstring(dash_manifest([plain, an_audio_track(), bright]))
    sets = root.findall(".//mpd:AdaptationSet[@contentType='video']", MPD)
    assert [one.get("id") for one in sets] == ["0", "3"]
    told = {
        one.get("schemeIdUri", "")[-23:]: one.get("value") for one in sets[1].iterfind("mpd:EssentialProperty", MPD)
    }
    assert told["TransferCharacteristics"] == "18"
    assert not sets[0].findall("mpd:EssentialProperty", MPD)


@pytest.mark.parametrize(("language", "value"), [("fr", "CC1=fre"), ("en-GB", "CC1=eng"), ("und", "CC1")])
def test_captions_are_told_in_the_language_of_the_sound(language: str, value: str) -> None:
    carrying = replace(a_video_track(an_index([4, 4], [1000, 2000]), ended=True), captions=True)
    without = replace(carrying, name="480p-hdr", video_range="HLG", captions=False)
    root = ElementTree.fromstring(dash_manifest([carrying, without, an_audio_track(language=language)]))
    told = [one.findall("mpd:Accessibility", MPD) for one in root.iterfind(".//mpd:AdaptationSet", MPD)]
    assert [[one.get("value") for one in found] for found in told] == [[value], [], []]
