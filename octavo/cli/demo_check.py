"""Plays what the demo made with parsers and a decoder that nobody here wrote, and lists what they object to."""

import subprocess
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import imageio_ffmpeg

from octavo.cli.demo_client import DemoClient, DemoFailed


@dataclass(frozen=True, slots=True)
class Played:
    renditions: list[str]
    bytes: int
    faults: list[str]


def play(client: DemoClient, playback: dict[str, Any]) -> Played:
    """Parse HLS and DASH, and decode every rendition; `faults` is empty when all of them are content."""
    try:
        import m3u8
        from mpd_parser.parser import Parser
    except ImportError:
        raise DemoFailed("The check needs the development environment; run it as ./dev demo --check.") from None
    hls = str(client.get(playback["hls_url"]).url)
    master = m3u8.loads(client.get(hls).text, uri=hls)
    dash = Parser.from_string(client.get(playback["dash_url"]).text)
    heights = {representation.height for representation in _video_representations(dash)}
    faults = [] if heights else ["DASH: no video representation"]
    renditions, size = [], 0
    for variant in master.playlists:
        width, height = variant.stream_info.resolution
        renditions.append(f"{width}x{height}")
        if height not in heights:
            faults.append(f"DASH: {height}p is missing")
        address = urljoin(hls, variant.uri)
        size += _bytes_of(m3u8.loads(client.get(address).text, uri=address))
        faults += [f"{height}p: {line}" for line in _decode(address)]
    if not renditions:
        faults.append("HLS: no rendition")
    return Played(renditions, size, faults)


def _video_representations(dash: Any) -> list[Any]:
    sets = [found for period in dash.periods for found in period.adaptation_sets]
    return [one for found in sets for one in found.representations if one.height]


def _bytes_of(playlist: Any) -> int:
    return sum(int(segment.byterange.split("@")[0]) for segment in playlist.segments if segment.byterange)


def _decode(address: str) -> list[str]:
    """What ffmpeg complains about while it decodes everything behind one address."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-i", address, "-f", "null", "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1800)
    return done.stderr.splitlines() or ([f"ffmpeg ended with {done.returncode}"] if done.returncode else [])
