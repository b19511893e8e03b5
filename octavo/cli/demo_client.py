"""What the demo does to Octavo from outside: the calls that any client of its API can make."""

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx

PIECE = 8 * 1024 * 1024


class DemoFailed(Exception):
    """The demo could not go on; the message says why."""


class DemoClient:
    """Signed in as the demo account, on one running Octavo."""

    def __init__(self, url: str, login: str, password: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=30)
        token = self._call("POST", "/api/identity/v1/sessions", json={"login": login, "password": password})["token"]
        self._http.headers["Authorization"] = f"Bearer {token}"

    def upload(self, film: Path, told: Callable[[float], None]) -> str:
        """Upload over tus 1.0 in pieces, telling the fraction done; the id of the film's asset."""
        size = film.stat().st_size
        name = base64.b64encode(film.name.encode()).decode()
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(size), "Upload-Metadata": f"filename {name}"}
        created = self._http.post("/api/media/v1/uploads", headers=headers)
        self._expect(created)
        offset = 0
        with film.open("rb") as content:
            while piece := content.read(PIECE):
                headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset)}
                headers["Content-Type"] = "application/offset+octet-stream"
                self._expect(self._http.patch(created.headers["Location"], content=piece, headers=headers))
                offset += len(piece)
                told(offset / size)
        return created.headers["Octavo-Asset"]

    def title_of(self, asset_id: str) -> dict[str, Any]:
        titles = self.titles()
        found = next((title for title in titles if title["film"]["asset_id"] == asset_id), None)
        if found is None:
            raise DemoFailed("The uploaded film has no title; the log above says why.")
        return found

    def titles(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self._call("GET", "/api/video/v1/titles", params={"owner": "me"})["items"]
        return items

    def publish(self, title_id: str, *, title: str, description: str) -> None:
        words = {"title": title, "description": description}
        self._call("PATCH", f"/api/video/v1/titles/{title_id}", json=words)
        self._call("POST", f"/api/video/v1/titles/{title_id}/publish", json={"visibility": "public"})

    def playback(self, title_id: str) -> dict[str, Any]:
        return self._call("GET", f"/api/video/v1/titles/{title_id}/playback")

    def progress(self, title_id: str) -> Iterator[dict[str, Any]]:
        """The title's film each time something about it changes, until it is complete (server-sent events).

        Raises DemoFailed when it cannot be encoded.
        """
        address = f"/api/video/v1/titles/{title_id}/progress"
        with self._http.stream("GET", address, timeout=httpx.Timeout(30, read=None)) as events:
            for line in events.iter_lines():
                if not line.startswith("data:"):
                    continue
                film = json.loads(line.removeprefix("data:"))
                if film.get("state") == "failed":
                    raise DemoFailed(f"The film cannot be encoded: {film['failure']}")
                if "state" in film:
                    yield film
                if film.get("state") == "complete":
                    return
        raise DemoFailed("Octavo stopped telling how far it is.")

    def get(self, address: str) -> httpx.Response:
        answer = self._http.get(address)
        self._expect(answer)
        return answer

    def _call(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        answer = self._http.request(method, path, **options)
        self._expect(answer)
        return answer.json() if answer.content else {}

    @staticmethod
    def _expect(answer: httpx.Response) -> None:
        if answer.is_error:
            asked = f"{answer.request.method} {answer.request.url.path}"
            raise DemoFailed(f"{asked} answered {answer.status_code}: {answer.text[:400]}")
