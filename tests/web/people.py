"""People who use the running Octavo, and what they have from its API: enough to furnish it for the browser."""

import base64
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from octavo.kernel.ids import new_id
from tests.harness.addresses import client_of_its_own

PASSWORD = "seven grey herons"
FILM_SECONDS = 240


@dataclass(frozen=True)
class Person:
    """Somebody with an account and a session; the session's token opens the API, and as a cookie the pages."""

    name: str
    username: str
    api: httpx.Client
    token: str

    @property
    def cookie(self) -> dict[str, Any]:
        return {"name": "octavo_session", "value": self.token, "url": str(self.api.base_url), "httpOnly": True}

    def upload(self, film: Path, *, as_name: str = "", encryption: str = "") -> str:
        """The id of the title that the upload made."""
        content = film.read_bytes()
        answer = self._begin(as_name or film.name, len(content), content, encryption=encryption)
        return self.title_of(answer.headers["Octavo-Asset"])

    def begin_upload(self, name: str, size: int) -> str:
        """An upload of which no byte has arrived yet; the id of its title."""
        return self.title_of(self._begin(name, size, b"").headers["Octavo-Asset"])

    def title_of(self, asset_id: str) -> str:
        answer = self.api.get(f"/video/films/{asset_id}", headers={"Accept": "text/html"})
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"].split("/")[3]

    def film(self, title_id: str) -> dict[str, Any]:
        film: dict[str, Any] = self.call("GET", f"/api/video/v1/titles/{title_id}")["film"]
        return film

    def wait_until(self, title_id: str, *states: str) -> str:
        """Ask until the title's film is in one of the states; says in which."""
        give_up_at = time.monotonic() + FILM_SECONDS
        while (state := self.film(title_id)["state"]) not in states:
            assert time.monotonic() < give_up_at, f"the film stayed {state}"
            assert state != "failed", self.film(title_id)["failure"]
            time.sleep(0.1)
        return str(state)

    def wait_until_titles(self, count: int) -> None:
        """Ask until they have so many titles; what happens to a film reaches its title a moment later."""
        give_up_at = time.monotonic() + FILM_SECONDS
        while len(self.call("GET", "/api/video/v1/titles?owner=me")["items"]) != count:
            assert time.monotonic() < give_up_at, f"there are not {count} titles"
            time.sleep(0.1)

    def call(self, method: str, path: str, **options: Any) -> Any:
        answer = self.api.request(method, path, **options)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def _begin(self, name: str, size: int, content: bytes, *, encryption: str = "") -> httpx.Response:
        said = {"filename": name} | ({"encryption": encryption} if encryption else {})
        metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items())
        headers = {
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(size),
            "Upload-Metadata": metadata,
            "Content-Type": "application/offset+octet-stream",
        }
        answer = self.api.post("/api/media/v1/uploads", headers=headers, content=content)
        assert answer.status_code == 201, answer.text
        return answer


def a_person(url: str, name: str) -> Person:
    """A new account, signed in."""
    username = f"{name.split()[0].lower()}-{new_id().hex[-8:]}"
    account = {"name": name, "email": f"{username}@example.org", "username": username, "password": PASSWORD}
    api = client_of_its_own(url)
    answer = api.post("/api/identity/v1/users", json=account)
    assert answer.status_code == 201, answer.text
    token = answer.json()["token"]
    api.headers["Authorization"] = f"Bearer {token}"
    return Person(name, username, api, token)
