"""A film through the whole house, as foreign players fetch it: playlists, ranges, permissions."""

import base64
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import imageio_ffmpeg
import m3u8
import pytest

from tests.harness.running import RunningOctavo
from tests.kernel.media.films import a_film

pytestmark = pytest.mark.slow
ENOUGH_SECONDS = 240


@dataclass(frozen=True)
class Film:
    octavo: str
    hls_url: str
    dash_url: str
    poster_url: str

    def get(self, address: str, **headers: str) -> httpx.Response:
        """Without any account: the address is the permission."""
        return httpx.get(self.octavo + address, headers=headers, timeout=60)

    def beside(self, name: str) -> str:
        return f"{self.hls_url.rpartition('/')[0]}/{name}"


@pytest.fixture(scope="session")
def film(running_octavo: RunningOctavo, account: httpx.Client, tmp_path_factory: pytest.TempPathFactory) -> Film:
    """A complete film of twelve seconds with sound, once its poster is there too, for which no film waits."""
    path = a_film(tmp_path_factory.mktemp("played") / "film.mp4", seconds=12, size="854x480")
    asset_id = upload(account, path)
    title = titled(account, asset_id)
    deadline = time.monotonic() + ENOUGH_SECONDS
    while not (title["film"]["state"] == "complete" and title["film"]["poster_url"]):
        assert title["film"]["state"] != "failed", title["film"]["failure"]
        assert time.monotonic() < deadline
        time.sleep(0.2)
        title = titled(account, asset_id)
    playback = account.get(f"/api/video/v1/titles/{title['id']}/playback").raise_for_status().json()
    return Film(running_octavo.url, playback["hls_url"], playback["dash_url"], playback["poster_url"])


def upload(account: httpx.Client, path: Path) -> str:
    name = base64.b64encode(path.name.encode()).decode()
    headers = {"Tus-Resumable": "1.0.0", "Upload-Metadata": f"filename {name}"}
    headers |= {"Upload-Length": str(path.stat().st_size), "Content-Type": "application/offset+octet-stream"}
    answer = account.post("/api/media/v1/uploads", content=path.read_bytes(), headers=headers)
    assert answer.status_code == 201
    return answer.headers["Octavo-Asset"]


def titled(account: httpx.Client, asset_id: str) -> dict[str, Any]:
    titles = account.get("/api/video/v1/titles", params={"owner": "me"}).raise_for_status().json()["items"]
    found: dict[str, Any] = next(title for title in titles if title["film"]["asset_id"] == asset_id)
    return found


def test_ffmpeg_plays_every_rendition_over_http_without_a_complaint(film: Film) -> None:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-i", film.octavo + film.hls_url]
    played = subprocess.run([*command, "-map", "0", "-f", "null", "-"], capture_output=True, text=True, timeout=200)
    assert (played.returncode, played.stderr) == (0, "")


def test_every_byte_range_of_every_playlist_is_there(film: Film) -> None:
    master = m3u8.loads(film.get(film.hls_url).text)
    assert [item.stream_info.resolution for item in master.playlists] == [(854, 480), (640, 360), (426, 240)]
    for item in (*master.playlists, *master.media):
        playlist = m3u8.loads(film.get(film.beside(item.uri)).text)
        assert playlist.is_endlist
        last = playlist.segments[-1]
        length, start = (int(number) for number in last.byterange.split("@"))
        answer = film.get(film.beside(last.uri), Range=f"bytes={start}-{start + length - 1}")
        assert answer.status_code == 206
        assert len(answer.content) == length
        assert answer.content[4:8] == b"moof"


def test_playlists_are_asked_for_again_and_media_never(film: Film) -> None:
    playlist = film.get(film.hls_url)
    assert playlist.headers["Cache-Control"] == "no-cache"
    assert film.get(film.hls_url, **{"If-None-Match": playlist.headers["ETag"]}).status_code == 304
    media = film.get(film.beside("480p.mp4"), Range="bytes=0-9")
    assert "immutable" in media.headers["Cache-Control"]
    assert media.headers["Content-Type"] == "video/mp4"
    assert film.get(film.dash_url).headers["Content-Type"] == "application/dash+xml"
    poster = film.get(film.poster_url)
    assert (poster.headers["Content-Type"], poster.content[:2]) == ("image/jpeg", b"\xff\xd8")


def test_players_on_other_sites_may_play(film: Film) -> None:
    asked = httpx.options(film.octavo + film.hls_url, headers={"Origin": "https://player.example"}, timeout=60)
    assert asked.status_code == 204
    assert "Range" in asked.headers["Access-Control-Allow-Headers"]
    for answer in (film.get(film.hls_url), film.get(film.beside("480p.mp4")), film.get(film.beside("nothing.m3u8"))):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_head_says_how_much_there_is(film: Film) -> None:
    answer = httpx.head(film.octavo + film.beside("480p.mp4"), timeout=60)
    assert answer.status_code == 200
    assert int(answer.headers["Content-Length"]) > 10_000
    assert answer.content == b""


@pytest.mark.parametrize("name", ["480p.mp4", "master.m3u8"])
def test_a_changed_address_opens_nothing(film: Film, name: str) -> None:
    address = film.beside(name)
    changed = [address.replace("exp=1", "exp=2"), address.replace("hmac=", "hmac=0"), address.replace("kid=", "kid=x")]
    assert [film.get(other).status_code for other in changed] == [403, 403, 403]


@pytest.mark.parametrize(
    ("name", "status"),
    [("999p.mp4", 404), ("480p/0000.mp4", 404), ("../../../etc/passwd", 404), ("480p.mp4/..", 404), ("x.mpd", 404)],
)
def test_nothing_else_is_served(film: Film, name: str, status: int) -> None:
    assert film.get(film.beside(name).replace("..", "%2E%2E")).status_code == status
