"""A client that does what any good one does: it tries again, and asks where an upload stands before it goes on."""

import base64
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx

from tests.harness.running import RunningOctavo

PIECE = 64 * 1024
PATIENCE = 180.0


class PatientClient:
    """Speaks to wherever Octavo is now: after a restart the port is another one."""

    def __init__(self, running: RunningOctavo) -> None:
        self.running = running
        self.token = ""
        account = {"name": "Fault", "email": "fault@example.org", "username": "fault", "password": "correct horse 42"}
        self.token = self.call("POST", "/api/identity/v1/users", json=account).json()["token"]

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Tried again while nobody answers or the answer is that it is not available now."""
        deadline = time.monotonic() + PATIENCE
        while True:
            with suppress(httpx.TransportError):
                answer = self.once(method, path, **options)
                if answer.status_code not in (423, 502, 503):
                    answer.raise_for_status()
                    return answer
            assert time.monotonic() < deadline, f"{method} {path} found nobody\n{self.running.logged()[-3000:]}"
            time.sleep(0.05)

    def once(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= options.pop("headers", {})
        address = path if path.startswith("http") else f"{self.running.url}{path}"
        return httpx.request(method, address, headers=headers, timeout=20, **options)

    def upload(self, film: Path, strike: Callable[[int], None]) -> str:
        """Sends the film in pieces over tus; `strike` is told each offset before its piece. Returns the asset's id."""
        content = film.read_bytes()
        name = base64.b64encode(film.name.encode()).decode()
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(content)), "Upload-Metadata": f"filename {name}"}
        created = self.call("POST", "/api/media/v1/uploads", headers=headers)
        place = httpx.URL(created.headers["Location"]).path
        offset = 0
        while offset < len(content):
            strike(offset)
            offset = self._send(place, content, offset)
        return str(created.headers["Octavo-Asset"])

    def _send(self, place: str, content: bytes, offset: int) -> int:
        """The offset after one more piece, or wherever the server stands after a failure."""
        headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset)}
        headers["Content-Type"] = "application/offset+octet-stream"
        with suppress(httpx.TransportError):
            answer = self.once("PATCH", place, headers=headers, content=content[offset : offset + PIECE])
            if answer.status_code == 204:
                return int(answer.headers["Upload-Offset"])
        head = self.call("HEAD", place, headers={"Tus-Resumable": "1.0.0"})
        return int(head.headers["Upload-Offset"])

    def wait_until_complete(self) -> dict[str, Any]:
        """The one title of this account, once its film is complete."""
        for title in self._titles():
            assert title["film"]["state"] != "failed", title["film"]["failure"]
            if title["film"]["state"] == "complete":
                return title
        raise AssertionError(f"the film did not become complete\n{self.running.logged()[-4000:]}")

    def _titles(self) -> Iterator[dict[str, Any]]:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            titles = self.call("GET", "/api/video/v1/titles", params={"owner": "me"}).json()["items"]
            assert len(titles) == 1, f"{len(titles)} titles of one upload"
            yield titles[0]
            time.sleep(0.1)


@contextmanager
def started(running: RunningOctavo) -> Iterator[RunningOctavo]:
    """Octavo, stopped at the end whatever happened, with exit code 0."""
    running.start()
    try:
        yield running
    finally:
        assert running.stop() == 0
