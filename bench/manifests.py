"""BANDWIDTH as the manifests of complete titles declare it, against the true peak of every variant.

The peak is that of RFC 8216, 4.3.4.2: the largest bit rate of any run of segments that lasts 0.5 to 1.5 target
durations, with the dearest rendition of each group that plays beside it. It is computed here from what a player is
served, by a parser that nobody here wrote, and not by the packager's own arithmetic. In DASH a variant is a
representation, and its segments are those of its segment index.
"""

import struct
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import httpx
import m3u8

from bench.clip import sample_clip
from bench.frame import Measure
from bench.titles import an_octavo, complete, upload
from tests.web.films import a_film_in_two_languages, a_film_with_subtitles
from tests.wire.accounts import signed_up

LOWEST, HIGHEST = 1.0, 1.1
DASH = {"d": "urn:mpeg:dash:schema:mpd:2011"}


class Run(NamedTuple):
    """A segment: seconds and bytes."""

    seconds: Fraction
    size: int


class Declared(NamedTuple):
    """A variant: what its manifest says and what it is, in bits per second."""

    bandwidth: int
    peak: float

    @property
    def ratio(self) -> float:
        return self.bandwidth / self.peak


def run() -> list[Measure]:
    with tempfile.TemporaryDirectory(prefix="octavo-bench-") as folder:
        room = Path(folder)
        films = (
            sample_clip(),
            a_film_in_two_languages(room / "languages.mp4", seconds=20),
            a_film_with_subtitles(room / "subtitles.mkv", seconds=23),
        )
        found: dict[str, list[Declared]] = {"HLS": [], "HLS key frames": [], "DASH": []}
        with an_octavo(room / "data") as octavo, closing(signed_up(octavo.url)) as client:
            for film in films:
                playback = complete(client, upload(client, film)[0])
                master = m3u8.loads(client.get(playback["hls_url"]).raise_for_status().text)
                folder_url = playback["hls_url"].rpartition("/")[0]
                found["HLS"] += _variants(client, folder_url, master)
                found["HLS key frames"] += _key_frame_variants(client, folder_url, master)
                found["DASH"] += _representations(client, playback["dash_url"])
    for name, variants in found.items():
        print(f"{name}: {len(variants)} variants of {len(films)} titles")
    return [measure for name, variants in found.items() for measure in _bounds(name, variants)]


def _bounds(name: str, variants: Sequence[Declared]) -> Iterator[Measure]:
    lowest, highest = min(variants, key=lambda one: one.ratio), max(variants, key=lambda one: one.ratio)
    yield Measure(f"{name}, least declared", lowest.bandwidth, lowest.peak, LOWEST, "bit/s", at_most=False)
    yield Measure(f"{name}, most declared", highest.bandwidth, highest.peak, HIGHEST, "bit/s")


def _variants(client: httpx.Client, folder: str, master: m3u8.M3U8) -> Iterator[Declared]:
    peaks = {media.uri: _peak_of(client, f"{folder}/{media.uri}") for media in master.media if media.uri}
    for variant in master.playlists:
        beside = (variant.stream_info.audio, variant.stream_info.subtitles)
        groups = [[peaks[m.uri] for m in master.media if m.uri and m.group_id == group] for group in beside if group]
        peak = _peak_of(client, f"{folder}/{variant.uri}") + sum(max(group, default=0.0) for group in groups)
        yield Declared(variant.stream_info.bandwidth, peak)


def _key_frame_variants(client: httpx.Client, folder: str, master: m3u8.M3U8) -> Iterator[Declared]:
    for variant in master.iframe_playlists:
        yield Declared(variant.iframe_stream_info.bandwidth, _peak_of(client, f"{folder}/{variant.uri}"))


def _peak_of(client: httpx.Client, address: str) -> float:
    """Of a media playlist."""
    playlist = m3u8.loads(client.get(address).raise_for_status().text)
    segments = [Run(Fraction(str(segment.duration)), _size(client, address, segment)) for segment in playlist.segments]
    return _peak(segments, target=Fraction(playlist.target_duration))


def _size(client: httpx.Client, playlist: str, segment: m3u8.Segment) -> int:
    if segment.byterange:
        return int(segment.byterange.partition("@")[0])
    return int(client.head(f"{playlist.rpartition('/')[0]}/{segment.uri}").headers["Content-Length"])


def _representations(client: httpx.Client, address: str) -> Iterator[Declared]:
    """The longest segment stands for the target duration, which DASH does not know."""
    folder = address.rpartition("/")[0]
    document = ElementTree.fromstring(client.get(address).raise_for_status().text)
    for representation in document.iterfind(".//d:Representation", DASH):
        index = representation.find("d:SegmentBase", DASH)
        if index is None:
            continue  # subtitles and pictures are fetched whole
        url = f"{folder}/{representation.findtext('d:BaseURL', namespaces=DASH)}"
        box = client.get(url, headers={"Range": f"bytes={index.attrib['indexRange']}"}).content
        segments = list(_indexed(box))
        target = Fraction(max(round(segment.seconds) for segment in segments))
        yield Declared(int(representation.attrib["bandwidth"]), _peak(segments, target=target))


def _indexed(sidx: bytes) -> Iterator[Run]:
    """ISO/IEC 14496-12, 8.16.3, version 1."""
    timescale = struct.unpack_from(">I", sidx, 16)[0]
    count = struct.unpack_from(">H", sidx, 38)[0]
    for size, duration, _ in struct.iter_unpack(">III", sidx[40 : 40 + 12 * count]):
        yield Run(Fraction(duration, timescale), size)


def _peak(segments: Sequence[Run], *, target: Fraction) -> float:
    """Of a film too short for any such run, the rate of all of it."""
    rates = [float(sum(one.size for one in segments) * 8 / sum(one.seconds for one in segments))]
    for first in range(len(segments)):
        seconds, size = Fraction(0), 0
        for segment in segments[first:]:
            seconds, size = seconds + segment.seconds, size + segment.size
            if seconds * 2 > target * 3:
                break
            if seconds * 2 >= target:
                rates.append(float(size * 8 / seconds))
    return max(rates)
