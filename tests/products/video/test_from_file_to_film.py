"""One film's whole life in a running Octavo: uploaded, encoded, watched, published, deleted."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from octavo.kernel.ids import new_secret
from tests.harness.running import RunningOctavo
from tests.kernel.media.films import a_film, decode_errors

pytestmark = pytest.mark.slow

TITLES = "/api/video/v1/titles"
PATIENCE = 120  # seconds; a small film takes a few, a busy machine more


@pytest.fixture
def nadia(running_octavo: RunningOctavo) -> Iterator[httpx.Client]:
    """Someone who has just registered."""
    with httpx.Client(base_url=running_octavo.url, timeout=60) as client:
        name = f"nadia{new_secret(6).lower().replace('-', '').replace('_', '')}"
        account = {"name": "Nadia Okafor", "email": f"{name}@example.org", "username": name}
        answer = client.post("/api/identity/v1/users", json={**account, "password": "a long walk by the sea"})
        assert answer.status_code == 201, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        yield client


def test_a_film_is_uploaded_watched_published_and_deleted(
    nadia: httpx.Client, running_octavo: RunningOctavo, tmp_path: Path
) -> None:
    title_id = upload(nadia, a_film(tmp_path / "harbour_at_dawn.mp4", seconds=4))
    title = until(nadia, title_id, "complete")
    assert title["title"] == "harbour at dawn"
    assert title["film"]["length"] == pytest.approx(4, abs=0.2)
    assert nadia.get(poster_of(nadia, title_id)).headers["content-type"] == "image/jpeg"
    playback = nadia.get(f"{TITLES}/{title_id}/playback").json()
    assert "#EXTM3U" in nadia.get(playback["hls_url"]).text
    assert "octavo-player" in nadia.get(f"/video/titles/{title_id}").text

    with httpx.Client(base_url=running_octavo.url, timeout=60) as anyone:
        assert anyone.get(f"{TITLES}/{title_id}").status_code == 404
        assert nadia.post(f"{TITLES}/{title_id}/publish", json={}).status_code == 200
        assert f"/video/titles/{title_id}" in anyone.get("/video").text
        assert anyone.get(f"{TITLES}/{title_id}/playback").status_code == 200
        assert nadia.delete(f"{TITLES}/{title_id}", params={"permanently": True}).status_code == 204
        assert anyone.get(f"/video/titles/{title_id}").status_code == 404
        assert f"/video/titles/{title_id}" not in anyone.get("/video").text


def test_a_file_that_is_no_film_says_so(nadia: httpx.Client, tmp_path: Path) -> None:
    file = tmp_path / "notes.mp4"
    file.write_text("These are notes, and no film at all.\n" * 100)
    title = until(nadia, upload(nadia, file), "failed")
    assert title["film"]["failure"]
    page = nadia.get(f"/video/titles/{title['id']}/processing").text
    assert "This film could not be prepared" in page
    assert nadia.post(f"{TITLES}/{title['id']}/publish", json={}).status_code == 409


def upload(person: httpx.Client, file: Path) -> str:
    """As the plain form does; gives the title's id."""
    with file.open("rb") as content:
        answer = person.post("/video/upload", files={"film": (file.name, content, "video/mp4")})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].split("/")[3]


def until(person: httpx.Client, title_id: str, state: str) -> dict[str, Any]:
    give_up_at = time.monotonic() + PATIENCE
    while time.monotonic() < give_up_at:
        title: dict[str, Any] = person.get(f"{TITLES}/{title_id}").json()
        if title["film"]["state"] in (state, "failed", "complete"):
            assert title["film"]["state"] == state, title
            return title
        time.sleep(0.1)
    raise AssertionError(f"The film did not become {state} in {PATIENCE} s: {title}")


def poster_of(person: httpx.Client, title_id: str) -> str:
    """Its address. No film waits for its poster to be complete."""
    give_up_at = time.monotonic() + PATIENCE
    while not (address := person.get(f"{TITLES}/{title_id}").json()["film"]["poster_url"]):
        assert time.monotonic() < give_up_at, "the film has no poster"
        time.sleep(0.1)
    return str(address)


def test_the_plain_paths_send_a_film_as_one_file_or_as_pictures(
    nadia: httpx.Client, running_octavo: RunningOctavo, tmp_path: Path
) -> None:
    title_id = upload(nadia, a_film(tmp_path / "harbour_at_dawn.mp4", seconds=4))
    until(nadia, title_id, "complete")
    headers = {"Authorization": nadia.headers["Authorization"]}
    with httpx.Client(base_url=f"http://127.0.0.1:{running_octavo.ports['article']}", timeout=60) as plain:
        assert plain.get(f"/video/{title_id}").status_code == 404
        whole = once_made(plain, f"/video/{title_id}", headers)
        assert (whole.status_code, whole.headers["content-type"]) == (200, "video/mp4")
        assert decode_errors(written(tmp_path / "whole.mp4", whole.content)) == ""
        part = plain.get(f"/video/{title_id}", headers={**headers, "Range": "bytes=100-199"})
        assert (part.status_code, part.content) == (206, whole.content[100:200])
        assert part.headers["content-range"] == f"bytes 100-199/{len(whole.content)}"
        pictured = {**headers, "Accept": "multipart/x-mixed-replace"}
        with plain.stream("GET", f"/video/{title_id}", headers=pictured) as stream:
            assert stream.headers["content-type"] == "multipart/x-mixed-replace; boundary=frame"
            pictures = stream.read().split(b"--frame")
        jpegs = [one for one in pictures if b"Content-type: image/jpeg" in one and b"\xff\xd8\xff" in one]
        assert len(jpegs) == pytest.approx(48, abs=2)  # four seconds at twelve a second
        for wrong in ("rooms", "00000000-0000-0000-0000-000000000000"):
            assert plain.get(f"/video/{wrong}", headers=headers).status_code == 404


def once_made(person: httpx.Client, address: str, headers: dict[str, str]) -> httpx.Response:
    """The server waits a while for the file, and then says that it is still being made."""
    give_up_at = time.monotonic() + PATIENCE
    while (answer := person.get(address, headers=headers)).status_code == 503 and time.monotonic() < give_up_at:
        time.sleep(0.1)
    return answer


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
