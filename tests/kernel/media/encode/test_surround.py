"""Surround sound by setting: beside the stereo, copied where it can be, and announced so that players choose well."""

import array
import asyncio
import subprocess
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import av
import imageio_ffmpeg
import m3u8
import pytest

from octavo.kernel.media.encode import planned_sounds
from octavo.kernel.media.packaging import dash_manifest, hls_master
from tests.kernel.media.films import decode_errors, sound_tracks
from tests.kernel.media.numbered import made_by_ffmpeg
from tests.kernel.media.presentations import Presentation, a_presentation

pytestmark = pytest.mark.slow

FRAME = 1536  # samples of each of AC-3 and, as ffmpeg makes it, of E-AC-3
SECONDS, BEGIN = 3, 7.3  # the source's clock does not begin at zero
TONES = (200, 400, 600, 60, 800, 1000)  # of front left, right, centre, low frequencies, and left and right behind
EXPRESSIONS = "|".join(f"0.3*sin(2*PI*{tone}*t)" for tone in TONES)
SURROUND = ("-f", "lavfi", "-i", f"aevalsrc='{EXPRESSIONS}':c=5.1:s=48000:d={SECONDS}")
STEREO = ("-f", "lavfi", "-i", f"sine=frequency=330:sample_rate=48000:duration={SECONDS}")
PICTURE = ("-f", "lavfi", "-i", f"testsrc2=s=160x90:r=25:d={SECONDS}")
TRACKS = (("1:a", "ac3", "eng"), ("2:a", "flac", "deu"), ("3:a", "aac", "fra"), ("1:a", "eac3", "spa"))
COPIED = {"surround-0": 0, "surround-3": 3}  # and the tracks of the source that they are


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Presentation:
    """English in AC-3, German in FLAC with 5.1 channels, French in stereo, Spanish in E-AC-3."""
    folder = tmp_path_factory.mktemp("surround")
    picture = (*PICTURE, *SURROUND, *SURROUND, *STEREO, "-map", "0:v", "-c:v", "libx264", "-preset", "ultrafast")
    sounds = (*sound_tracks(*TRACKS), "-ac:a:2", "2")
    film = made_by_ffmpeg(*picture, *sounds, "-output_ts_offset", str(BEGIN), folder / "source.mkv")
    return asyncio.run(a_presentation(film, folder, surround=True))


class Packet(NamedTuple):
    at: float  # when it is heard, in seconds
    content: bytes
    samples: int  # that a decoder makes of it


def packets(path: Path, track: int = 0) -> list[Packet]:
    with av.open(str(path)) as film:
        demuxed = [one for one in film.demux(film.streams.audio[track]) if one.pts is not None and one.size]
        return [
            Packet(float(one.pts * one.time_base), bytes(one), sum(frame.samples for frame in one.decode()))
            for one in demuxed
        ]


def strongest_tone(path: Path, channel: int) -> int:
    """Of a second in the middle, among those that the film has."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-ss", "1", "-t", "1", "-i", str(path)]
    command += ["-af", f"pan=mono|c0=c{channel}", "-ar", "4800", "-f", "s16le", "-"]
    samples = array.array("h", subprocess.run(command, check=True, capture_output=True).stdout)

    def strength(tone: int) -> float:
        step, previous, last = 2 * _cosine(tone / 4800), 0.0, 0.0
        for sample in samples:
            previous, last = last, sample + step * last - previous
        return previous * previous + last * last - step * previous * last

    return max(TONES, key=strength)


def _cosine(turns: float) -> float:
    return (complex(-1) ** (2 * turns)).real


def test_every_language_is_there_in_stereo_first_and_in_surround_where_it_has_it(shown: Presentation) -> None:
    sounds = [track for track in shown.whole if track.kind == "audio"]
    assert [(track.name, track.pieces[0].index.channels, track.pieces[0].index.codec) for track in sounds] == [
        *((f"audio-{n}", 2, "mp4a.40.2") for n in range(4)),
        ("surround-0", 6, "ac-3"), ("surround-1", 6, "mp4a.40.2"), ("surround-3", 6, "ec-3"),
    ]  # fmt: skip
    assert [decode_errors(shown.folder / f"{track.name}.mp4") for track in sounds] == [""] * 7


def test_each_channel_stays_where_it_was(shown: Presentation) -> None:
    heard = tuple(strongest_tone(shown.folder / "surround-1.mp4", channel) for channel in range(6))
    assert heard == TONES


@pytest.mark.parametrize("name", COPIED)
def test_copied_sound_has_the_bytes_and_the_samples_of_the_source_at_their_places(
    shown: Presentation, name: str
) -> None:
    begin = shown.source.video.start
    kept = [packet for packet in packets(shown.folder / "source.mkv", COPIED[name]) if packet.at >= begin]
    copied = packets(shown.folder / f"{name}.mp4")
    assert len(kept) > SECONDS * 48000 / FRAME - 2
    assert [(ours.content, ours.samples) for ours in copied] == [(theirs.content, FRAME) for theirs in kept]
    assert max(abs(ours.at - (theirs.at - begin)) for ours, theirs in zip(copied, kept, strict=True)) < 0.002


def test_the_box_of_e_ac_3_tells_decoders_what_comes(shown: Presentation) -> None:
    """ETSI TS 102 366, F.6: one independent stream of version 16 at 48 kHz, main sound, 3/2 channels and low ones."""
    content = (shown.folder / "surround-3.mp4").read_bytes()
    box = content.index(b"dec3")
    rate = int.from_bytes(content[box + 4 : box + 6], "big") >> 3
    streams = content[box + 5] & 7
    stream = int.from_bytes(content[box + 6 : box + 9], "big")
    fields = tuple(stream >> shift & (1 << bits) - 1 for shift, bits in ((22, 2), (17, 5), (12, 3), (9, 3), (8, 1)))
    assert (streams, fields) == (0, (0, 16, 0, 7, 1))
    spent = sum(len(packet.content) for packet in packets(shown.folder / "surround-3.mp4"))
    assert rate == pytest.approx(spent * 8 / 1000 / SECONDS, rel=0.05)


def test_hls_has_a_group_for_each_other_codec_of_surround_and_begins_with_stereo(shown: Presentation) -> None:
    master = m3u8.loads(hls_master(shown.whole))
    groups = [(media.group_id, media.language, media.channels, media.uri) for media in master.media]
    assert groups == [
        ("audio", "en", "2", "audio-0.m3u8"),
        ("audio", "de", "2", "audio-1.m3u8"),
        ("audio", "fr", "2", "audio-2.m3u8"),
        ("audio", "es", "2", "audio-3.m3u8"),
        ("audio", "de", "6", "surround-1.m3u8"),
        ("surround-ac-3", "en", "6", "surround-0.m3u8"),
        ("surround-ac-3", "de", "2", "audio-1.m3u8"),
        ("surround-ac-3", "fr", "2", "audio-2.m3u8"),
        ("surround-ac-3", "es", "2", "audio-3.m3u8"),
        ("surround-ec-3", "en", "2", "audio-0.m3u8"),
        ("surround-ec-3", "de", "2", "audio-1.m3u8"),
        ("surround-ec-3", "fr", "2", "audio-2.m3u8"),
        ("surround-ec-3", "es", "6", "surround-3.m3u8"),
    ]
    menus = [[(one.name, one.default, one.autoselect) for one in master.media[n : n + 4]] for n in (0, 5, 9)]
    assert menus[0] == menus[1] == menus[2]
    assert (master.media[4].name, master.media[4].default, master.media[4].autoselect) == ("Deutsch 5.1", "NO", "NO")
    variants = [(one.stream_info.audio, {*one.stream_info.codecs.split(",")[1:]}) for one in master.playlists]
    assert variants == [
        ("audio", {"mp4a.40.2"}),
        ("surround-ac-3", {"ac-3", "mp4a.40.2"}),
        ("surround-ec-3", {"ec-3", "mp4a.40.2"}),
    ]


def test_dash_tells_the_channels_and_asks_to_begin_with_stereo(shown: Presentation) -> None:
    mpd = ElementTree.fromstring(dash_manifest(shown.whole))
    space = "{urn:mpeg:dash:schema:mpd:2011}"
    sets = [
        (
            one.get("lang"),
            one.get("selectionPriority"),
            one.find(f".//{space}AudioChannelConfiguration").get("value"),  # type: ignore[union-attr]
            one.find(f"{space}Representation").get("codecs"),  # type: ignore[union-attr]
        )
        for one in mpd.iter(f"{space}AdaptationSet")
        if one.get("contentType") == "audio"
    ]
    aac = "mp4a.40.2"
    assert sets[:4] == [("en", "3", "2", aac), *((language, "2", "2", aac) for language in ("de", "fr", "es"))]
    assert sets[4:] == [("en", "1", "6", "ac-3"), ("de", "1", "6", aac), ("es", "1", "6", "ec-3")]


def test_without_the_setting_there_is_stereo_alone(shown: Presentation) -> None:
    assert list(planned_sounds(shown.source)) == ["audio-0", "audio-1", "audio-2", "audio-3"]
