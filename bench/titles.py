"""Titles for the benchmarks of films: an Octavo of their own, the upload, and the wait until all is encoded."""

import base64
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.harness.running import RunningOctavo

UPLOADS = "/api/media/v1/uploads"
PATIENCE = 900.0


@contextmanager
def an_octavo(data_dir: Path, **environment: str) -> Iterator[RunningOctavo]:
    octavo = RunningOctavo(data_dir, **environment).start()
    try:
        yield octavo
    finally:
        octavo.stop()


def upload(client: httpx.Client, film: Path) -> tuple[str, float]:
    """The asset, and when the last byte left us. The server answers only once the file is in its store."""
    name = base64.b64encode(film.name.encode()).decode()
    size = film.stat().st_size
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(size), "Upload-Metadata": f"filename {name}"}
    created = client.post(UPLOADS, headers=headers).raise_for_status()
    ended = 0.0

    def content() -> Iterator[bytes]:
        nonlocal ended
        with film.open("rb") as file:
            while block := file.read(1 << 20):
                yield block
        ended = time.perf_counter()

    headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    client.patch(created.headers["Location"], content=content(), headers=headers).raise_for_status()
    return created.headers["Octavo-Asset"], ended


def playback_of(client: httpx.Client, asset_id: str) -> httpx.Response:
    """The addresses of the film, or a conflict while it has none."""
    title = _title_of(client, asset_id)
    return client.get(f"/api/video/v1/titles/{title['id']}/playback")


def complete(client: httpx.Client, asset_id: str) -> dict[str, str]:
    """The addresses of the film once all of it is encoded."""
    give_up_at = time.monotonic() + PATIENCE
    while _title_of(client, asset_id)["film"]["state"] != "complete":
        if time.monotonic() > give_up_at:
            raise SystemExit("The film was not complete in time.")
        time.sleep(0.5)
    found: dict[str, str] = playback_of(client, asset_id).raise_for_status().json()
    return found


def _title_of(client: httpx.Client, asset_id: str) -> dict[str, dict[str, str]]:
    titles = client.get("/api/video/v1/titles", params={"owner": "me"}).raise_for_status().json()["items"]
    found: dict[str, dict[str, str]] = next(title for title in titles if title["film"]["asset_id"] == asset_id)
    return found
