"""A decoder as judge of every output: no frame and no sample is lost, and sound stays with the picture to the end."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import httpx
import pytest

from tests.harness.running import RunningOctavo
from tests.wire.decoding import MOMENTS, RATE, SECONDS, Decoded, Film, a_flashing_film, decoded, unpacked
from tests.wire.test_playback import titled, upload

pytestmark = pytest.mark.slow

ENOUGH_SECONDS = 240
IN_STEP = 0.02
FILES = ("360p.mp4", "240p.mp4", "360p.webm", "640x480.mp4")
# Samples that may be missing: AC-3's first half block, which decoders leave out of the source already, and of copied
# sound the frame that begins before the film does. Samples by which encoders may fill up the end.
LEFT_OUT, FRAME_LEFT_OUT, FILLED_UP = 256, 1536 + 256, 1536

Addresses = dict[str, str]
T = TypeVar("T")


@pytest.fixture(scope="module")
def addresses(
    running_octavo: RunningOctavo, account: httpx.Client, tmp_path_factory: pytest.TempPathFactory
) -> Addresses:
    """Where the manifests and every plain file of the film are, once all are made."""
    path = a_flashing_film(tmp_path_factory.mktemp("judged") / "flash.mkv")
    asset_id = upload(account, path)

    def complete() -> str | None:
        title = titled(account, asset_id)
        assert title["film"]["state"] != "failed", title["film"]["failure"]
        return title["id"] if title["film"]["state"] == "complete" else None

    title = _soon(complete)
    api = f"/api/video/v1/titles/{title}"
    for name in FILES:
        assert account.post(f"{api}/files", json={"name": name}).status_code == 202
    playback = account.get(f"{api}/playback").raise_for_status().json()

    def files() -> Addresses | None:
        listed = account.get(f"{api}/files").raise_for_status().json()["files"]
        ready = {file["name"]: running_octavo.url + file["url"] for file in listed if file["state"] == "ready"}
        return ready if set(FILES) <= set(ready) else None

    manifests = {name: running_octavo.url + playback[f"{name}_url"] for name in ("hls", "dash")}
    return {**_soon(files), **manifests, "source": str(path)}


def _soon(look: Callable[[], T | None]) -> T:
    give_up_at = time.monotonic() + ENOUGH_SECONDS
    while (found := look()) is None:
        assert time.monotonic() < give_up_at
        time.sleep(0.1)
    return found


def check_step(picture: Decoded, sound: Decoded) -> None:
    """Both moments are seen and heard, in step and where the source has them."""
    assert picture.onsets == pytest.approx(MOMENTS, abs=0.001)
    assert sound.onsets == pytest.approx(picture.onsets, abs=IN_STEP)


@pytest.mark.parametrize(
    ("name", "pictures", "channels"),
    [
        ("source", 1, [6, 2]),
        # Each variant is a stream here, and each member of a group of audio: two rungs, in stereo and in surround.
        ("hls", 4, [2, 2, 6, 2]),
        ("dash", 2, [2, 2, 6]),
        ("360p.mp4", 1, [2, 2]),
        ("240p.mp4", 1, [2, 2]),
        ("360p.webm", 1, [2]),
        ("640x480.mp4", 1, [2]),
    ],
)
def test_every_output_has_every_frame_and_sample_in_step(
    addresses: Addresses, tmp_path: Path, name: str, pictures: int, channels: list[int]
) -> None:
    address = addresses[name]
    film: Film = decoded(str(unpacked(address, tmp_path / "film.mkv")) if name == "dash" else address)
    assert [picture.frames for picture in film.pictures] == [RATE * SECONDS] * pictures
    assert [sound.channels for sound in film.sounds] == channels
    for sound in film.sounds:
        most_left_out = FRAME_LEFT_OUT if sound.channels == 6 else LEFT_OUT
        assert -most_left_out <= sound.samples - 48000 * SECONDS <= FILLED_UP
        for picture in film.pictures:
            check_step(picture, sound)


def test_the_chapters_of_the_source_are_a_track_of_the_film(addresses: Addresses) -> None:
    chapters = httpx.get(addresses["hls"].replace("master.m3u8", "chapters.vtt"), timeout=60)
    assert chapters.headers["Content-Type"].startswith("text/vtt")
    assert chapters.text == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nBefore\n\n00:00:02.000 --> 00:00:04.000\nAfter &amp; on\n"
    )
