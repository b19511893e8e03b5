"""How soon a film can be watched after its last byte: ours end to end, against one ffmpeg run per rung."""

import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path

import httpx
import imageio_ffmpeg

from bench.clip import lengthened, sample_clip
from bench.frame import Measure
from bench.titles import an_octavo, playback_of, upload
from tests.wire.accounts import signed_up

LONG_SECONDS = 3600.0
# Height, most bits per second: the ladder's five rungs for a 1080p film, encoded the usual way.
PEER_RUNGS = ((1080, "5000k"), (720, "2800k"), (480, "1400k"), (360, "800k"), (240, "400k"))
LOOK_EVERY = 0.02


def run() -> list[Measure]:
    with tempfile.TemporaryDirectory(prefix="octavo-bench-") as folder:
        room = Path(folder)
        clip = sample_clip()
        before = _ours(clip, room / "before")
        peer = _one_run_per_rung(clip, room)
        hour = _ours(lengthened(clip, LONG_SECONDS, room), room / "hour")
        # Around the others, so that a machine whose other load changes meanwhile treats all alike.
        short = (before + _ours(clip, room / "after")) / 2
    return [
        Measure("first playable, half a minute of film", ours=short, peer=peer, goal=0.15, unit="s"),
        Measure("first playable, an hour against half a minute", ours=hour, peer=short, goal=1.5, unit="s"),
    ]


def _ours(film: Path, data_dir: Path) -> float:
    """Seconds from the last byte of the upload to a master playlist whose first media segment is there."""
    with an_octavo(data_dir) as octavo, closing(signed_up(octavo.url)) as client:
        asset_id, ended = upload(client, film)
        while (master := _master(client, asset_id)) is None:
            time.sleep(LOOK_EVERY)
        folder = master.url.path.rpartition("/")[0]
        playlist = client.get(f"{folder}/{_first_address(master.text)}").raise_for_status()
        piece = client.get(f"{folder}/{_first_address(playlist.text)}", headers={"Range": "bytes=0-99999"})
        piece.raise_for_status()
        return time.perf_counter() - ended


def _master(client: httpx.Client, asset_id: str) -> httpx.Response | None:
    """The film's master playlist, once there is one."""
    playback = playback_of(client, asset_id)
    if playback.status_code == httpx.codes.CONFLICT:
        return None
    return client.get(playback.raise_for_status().json()["hls_url"]).raise_for_status()


def _first_address(playlist: str) -> str:
    return next(line for line in playlist.splitlines() if line and not line.startswith("#"))


def _one_run_per_rung(clip: Path, room: Path) -> float:
    """Seconds until every rung is there as HLS, which is when such a server publishes the film."""
    started = time.perf_counter()
    for height, rate in PEER_RUNGS:
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y", "-i", str(clip)]
        command += ["-vf", f"scale=-2:{height}", "-c:v", "libx264", "-preset", "veryfast", "-crf", "23"]
        command += ["-maxrate", rate, "-bufsize", rate, "-g", "96", "-c:a", "aac", "-f", "hls", "-hls_time", "4"]
        command += ["-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", f"{height}-init.mp4"]
        subprocess.run([*command, "-hls_playlist_type", "vod", str(room / f"{height}.m3u8")], check=True, cwd=room)
    return time.perf_counter() - started
