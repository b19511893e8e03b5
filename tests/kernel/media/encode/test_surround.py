"""Surround sound by setting: beside the stereo, copied where it can be, and announced so that players choose well."""

import array
import asyncio
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import av
import imageio_ffmpeg
import m3u8
import pytest

from octavo.kernel.media.encode import planned_sounds
from octavo.kernel.media.packaging import dash_manifest, hls_master
from tests.kernel.media.films import decode_errors
from tests.kernel.media.numbered import made_by_ffmpeg
from tests.kernel.media.presentations import Presentation, a_presentation

pytestmark = pytest.mark.slow

SECONDS, BEGIN = 3, 7.3  # the source's clock does not begin at zero
TONES = (200, 400, 600, 60, 800, 1000)  # of front left, right, centre, low frequencies, and left and right behind
EXPRESSIONS = "|".join(f"0.3*sin(2*PI*{tone}*t)" for tone in TONES)
SURROUND = ("-f", "lavfi", "-i", f"aevalsrc='{EXPRESSIONS}':c=5.1:s=48000:d={SECONDS}")
STEREO = ("-f", "lavfi", "-i", f"sine=frequency=330:sample_rate=48000:duration={SECONDS}")
PICTURE = ("-f", "lavfi", "-i", f"testsrc2=s=160x90:r=25:d={SECONDS}")
MAPS = ("-map", "0:v", "-map", "1:a", "-map", "2:a", "-map", "3:a")
CODECS = ("-c:v", "libx264", "-preset", "ultrafast", "-c:a:0", "ac3", "-c:a:1", "flac", "-c:a:2", "aac", "-ac:a:2", "2")
LANGUAGES = ("-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=deu", "-metadata:s:a:2", "language=fra")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Presentation:
    """English in AC-3, German in FLAC with 5.1 channels, French in stereo."""
    folder = tmp_path_factory.mktemp("surround")
    inputs = (*PICTURE, *SURROUND, *SURROUND, *STEREO)
    film = made_by_ffmpeg(
        *inputs, *MAPS, *CODECS, *LANGUAGES, "-output_ts_offset", str(BEGIN), folder / "source.mkv"
    )  # fmt: skip
    return asyncio.run(a_presentation(film, folder, surround=True))


def packets(path: Path, track: int = 0) -> list[tuple[float, bytes]]:
    """When each is heard, in seconds, and its bytes."""
    with av.open(str(path)) as film:
        stream = film.streams.audio[track]
        return [(float(p.pts * p.time_base), bytes(p)) for p in film.demux(stream) if p.pts is not None and p.size]


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
        ("audio-0", 2, "mp4a.40.2"), ("audio-1", 2, "mp4a.40.2"), ("audio-2", 2, "mp4a.40.2"),
        ("surround-0", 6, "ac-3"), ("surround-1", 6, "mp4a.40.2"),
    ]  # fmt: skip
    assert [decode_errors(shown.folder / f"{track.name}.mp4") for track in sounds] == [""] * 5


def test_each_channel_stays_where_it_was(shown: Presentation) -> None:
    heard = tuple(strongest_tone(shown.folder / "surround-1.mp4", channel) for channel in range(6))
    assert heard == TONES


def test_copied_sound_has_the_bytes_of_the_source_at_their_places(shown: Presentation) -> None:
    source = packets(shown.folder / "source.mkv")
    copied = packets(shown.folder / "surround-0.mp4")
    begin = shown.source.video.start
    kept = [(time - begin, content) for time, content in source if time >= begin]
    assert len(kept) > SECONDS * 48000 / 1536 - 2
    assert [content for _, content in copied] == [content for _, content in kept]
    assert max(abs(ours - theirs) for (ours, _), (theirs, _) in zip(copied, kept, strict=True)) < 0.002


def test_hls_has_a_group_for_each_other_codec_of_surround_and_begins_with_stereo(shown: Presentation) -> None:
    master = m3u8.loads(hls_master(shown.whole))
    groups = [(media.group_id, media.language, media.channels, media.uri) for media in master.media]
    assert groups == [
        ("audio", "en", "2", "audio-0.m3u8"),
        ("audio", "de", "2", "audio-1.m3u8"),
        ("audio", "fr", "2", "audio-2.m3u8"),
        ("audio", "de", "6", "surround-1.m3u8"),
        ("surround-ac-3", "en", "6", "surround-0.m3u8"),
        ("surround-ac-3", "de", "2", "audio-1.m3u8"),
        ("surround-ac-3", "fr", "2", "audio-2.m3u8"),
    ]
    menus = [[(one.name, one.default, one.autoselect) for one in master.media[n : n + 3]] for n in (0, 4)]
    assert menus[0] == menus[1]
    assert (master.media[3].name, master.media[3].default, master.media[3].autoselect) == ("Deutsch 5.1", "NO", "NO")
    variants = [(one.stream_info.audio, one.stream_info.codecs.split(",")[1:]) for one in master.playlists]
    assert variants == [("audio", ["mp4a.40.2"]), ("surround-ac-3", ["ac-3", "mp4a.40.2"])]


def test_dash_tells_the_channels_and_asks_to_begin_with_stereo(shown: Presentation) -> None:
    mpd = ElementTree.fromstring(dash_manifest(shown.whole))
    space = "{urn:mpeg:dash:schema:mpd:2011}"
    sets = [
        (one.get("lang"), one.get("selectionPriority"), one.find(f".//{space}AudioChannelConfiguration").get("value"))  # type: ignore[union-attr]
        for one in mpd.iter(f"{space}AdaptationSet")
        if one.get("contentType") == "audio"
    ]
    assert sets == [("en", "3", "2"), ("de", "2", "2"), ("fr", "2", "2"), ("en", "1", "6"), ("de", "1", "6")]


def test_without_the_setting_there_is_stereo_alone(shown: Presentation) -> None:
    assert list(planned_sounds(shown.source)) == ["audio-0", "audio-1", "audio-2"]
