"""What deploy/ sets up: nginx sends the bytes at the origin, nginx or Varnish keep a film once for all viewers."""

import re
import subprocess
from contextlib import suppress
from pathlib import Path

import httpx
import imageio_ffmpeg
import pytest

from tests.deploy.conftest import BLOBS, Behind
from tests.deploy.edges import needs_nginx, needs_varnish, nginx, varnish
from tests.wire.waiting import eventually

pytestmark = [pytest.mark.slow, pytest.mark.borrowed, needs_nginx]
TRACK = "480p.mp4"


@pytest.fixture(params=["origin", "edge", pytest.param("cache", marks=needs_varnish)])
def front(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(request.param)
    return url


def test_a_film_plays_from_its_first_to_its_last_frame(behind: Behind, front: str) -> None:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-i", front + behind.address("master.m3u8")]
    played = subprocess.run([*command, "-map", "0", "-f", "null", "-"], capture_output=True, text=True, timeout=200)
    assert (played.returncode, played.stderr) == (0, "")


def test_ranges_are_exact_and_players_elsewhere_may_read_them(behind: Behind, front: str) -> None:
    address = front + behind.address(TRACK)
    whole = httpx.get(address)
    assert whole.status_code == 200
    for wanted in ("bytes=0-99", "bytes=1000-300000", "bytes=-50", f"bytes={len(whole.content) - 7}-"):
        part = httpx.get(address, headers={"Range": wanted})
        first, _, last = part.headers["content-range"].removeprefix("bytes ").partition("/")[0].partition("-")
        assert (part.status_code, part.content) == (206, whole.content[int(first) : int(last) + 1]), wanted
    assert httpx.get(address, headers={"Range": "bytes=999999999-"}).status_code == 416
    for name, value in {
        "content-type": "video/mp4",
        "cache-control": "public, max-age=31536000, immutable",
        "access-control-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
        "x-content-type-options": "nosniff",
    }.items():
        assert whole.headers[name] == value
    assert httpx.get(address, headers={"If-None-Match": whole.headers["etag"]}).status_code == 304
    assert httpx.head(address).headers["content-length"] == str(len(whole.content))
    asked = httpx.options(address, headers={"Origin": "https://player.example"})
    assert (asked.status_code, asked.headers["access-control-max-age"]) == (204, "86400")


@pytest.mark.parametrize("name", [TRACK, "master.m3u8"])
def test_no_token_no_film(behind: Behind, front: str, name: str) -> None:
    """Also where others have brought the film into the cache already."""
    address = behind.address(name)
    assert httpx.get(front + address).status_code == 200
    assert httpx.get(front + behind.address(name, hours=-1)).status_code == 403
    for changed in (
        address.replace("hmac=", "hmac=0"),
        address.replace("kid=", "kid=x"),
        address.replace("exp=", "x="),
    ):
        assert httpx.get(front + changed).status_code == 403
    assert httpx.get(front + address.replace("/play/", "/play/x/", 1)).status_code in (403, 404)


def test_nothing_else_is_sent(behind: Behind, front: str) -> None:
    blob = next(path for path in behind.blobs.rglob("*.mp4"))
    inside = str(blob.relative_to(behind.blobs))
    folder = behind.address("")
    for address in (
        f"{BLOBS}/{inside}",
        f"{BLOBS}/../../octavo.toml",
        "/_octavo/allowed",
        f"{folder}..%2f..%2f..%2f{inside}",
        f"{folder}999p.mp4",
        f"{folder}x/../../../{TRACK}",
        folder.replace("/play/", "/play/%0d%0aX:%20y") + TRACK,
    ):
        answer = httpx.Client().send(httpx.Request("GET", front + address))
        assert answer.status_code in (400, 403, 404), (address, answer.status_code)


@pytest.mark.parametrize("kind", ["nginx", pytest.param("varnish", marks=needs_varnish)])
def test_a_second_viewer_does_not_reach_the_origin(behind: Behind, origin: str, tmp_path: Path, kind: str) -> None:
    name = "360p.mp4"
    first, second = (behind.address(name, hours=hours) for hours in (1, 2))
    folder = tmp_path / "front"
    with nginx("edge.conf", folder, origin) if kind == "nginx" else varnish(folder, origin) as edge:
        missed = httpx.get(edge + first, headers={"Range": "bytes=0-5000"})
        asked = behind.reached(name)
        kept = httpx.get(edge + second, headers={"Range": "bytes=100-200"})
        assert (missed.headers["x-cache"], kept.headers["x-cache"]) == ("MISS", "HIT")
        assert kept.content == missed.content[100:201]
        assert behind.reached(name) == asked >= 1


def test_no_token_stands_in_a_log_or_a_key_of_the_cache(behind: Behind, edge: str, edge_folder: Path) -> None:
    httpx.get(edge + behind.address("240p.mp4"))
    # Both are written when the answer has gone.
    log = edge_folder / "access.log"
    eventually(lambda: re.search(r"/play/\*\*\*/\S+/240p\.mp4", log.read_text()))
    assert "hmac" not in log.read_text()
    kept = edge_folder / "cache" / "media"
    eventually(lambda: any(b"/240p.mp4 " in key for key in keys_below(kept)) or None)
    assert not any(b"hmac" in key for key in keys_below(kept))


def keys_below(folder: Path) -> list[bytes]:
    """Of what nginx keeps there; it writes under another name first."""
    keys = []
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError, IsADirectoryError):
            keys.append(path.read_bytes().partition(b"KEY: ")[2].partition(b"\n")[0])
    return keys


def test_pages_and_the_api_pass_through(behind: Behind, front: str) -> None:
    assert "<title>" in httpx.get(front + "/video").text
    assert httpx.get(front + "/api/video/v1/titles").json() == {"items": [], "next": None}
