"""tuspy against a running Octavo, and what tus 1.0 says about requests that no good client sends."""

import base64
import hashlib
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError

from tests.harness.running import RunningOctavo
from tests.wire.accounts import signed_up
from tests.wire.waiting import eventually

pytestmark = pytest.mark.slow
UPLOADS = "/api/media/v1/uploads"
TUS = {"Tus-Resumable": "1.0.0"}
BYTES = {**TUS, "Content-Type": "application/offset+octet-stream"}
SIZE = 10 * 1024 * 1024 + 77


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tuspy") / "film.mp4"
    path.write_bytes(os.urandom(SIZE))
    return path


def metadata(**fields: str) -> dict[str, str]:
    return {"Upload-Metadata": ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in fields.items())}


def created(account: httpx.Client, length: int = 100, filename: str = "film.mp4") -> httpx.Response:
    headers = {**TUS, "Upload-Length": str(length), **metadata(filename=filename)}
    return account.post(UPLOADS, headers=headers)


def patched(account: httpx.Client, url: str, content: bytes, offset: int, **headers: str) -> httpx.Response:
    return account.patch(url, content=content, headers={**BYTES, "Upload-Offset": str(offset), **headers})


def test_tuspy_uploads_in_pieces_and_resumes(running_octavo: RunningOctavo, account: httpx.Client, film: Path) -> None:
    client = TusClient(f"{running_octavo.url}{UPLOADS}", headers={"Authorization": account.headers["Authorization"]})
    first = client.uploader(str(film), chunk_size=1 << 20, metadata={"filename": "film.mp4"})
    first.upload(stop_at=4 << 20)
    second = client.uploader(str(film), url=first.url, chunk_size=SIZE)
    assert second.offset == 4 << 20
    second.upload()
    assert second.get_offset() == SIZE


def test_tuspy_sends_a_checksum_with_every_piece(
    running_octavo: RunningOctavo, account: httpx.Client, film: Path
) -> None:
    client = TusClient(f"{running_octavo.url}{UPLOADS}", headers={"Authorization": account.headers["Authorization"]})
    uploader = client.uploader(str(film), chunk_size=3 << 20, metadata={"filename": "film.mp4"}, upload_checksum=True)
    uploader.upload()
    assert uploader.get_offset() == SIZE


def test_tuspy_hears_of_a_piece_that_changed_on_its_way(
    running_octavo: RunningOctavo, account: httpx.Client, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = TusClient(f"{running_octavo.url}{UPLOADS}", headers={"Authorization": account.headers["Authorization"]})
    uploader = client.uploader(str(film), chunk_size=1 << 20, metadata={"filename": "film.mp4"}, upload_checksum=True)
    uploader.upload_chunk()
    monkeypatch.setattr("tusclient.request.TusRequest.add_checksum", spoilt)
    with pytest.raises(TusCommunicationError) as refused:
        uploader.upload_chunk()
    assert refused.value.status_code == 460
    assert account.head(uploader.url, headers=TUS).headers["Upload-Offset"] == str(1 << 20)
    monkeypatch.undo()
    uploader.upload()
    assert uploader.get_offset() == SIZE


def spoilt(request: Any, chunk: bytes) -> None:
    request._request_headers["upload-checksum"] = f"sha1 {base64.b64encode(hashlib.sha1(b'else').digest()).decode()}"


def test_tuspy_with_a_strangers_account_finds_nothing(
    running_octavo: RunningOctavo, account: httpx.Client, film: Path
) -> None:
    upload = created(account)
    stranger = signed_up(running_octavo.url)
    client = TusClient(f"{running_octavo.url}{UPLOADS}", headers={"Authorization": stranger.headers["Authorization"]})
    with pytest.raises(TusCommunicationError):
        client.uploader(str(film), url=upload.headers["Location"])
    for method in ("PATCH", "DELETE"):
        assert (
            stranger.request(method, upload.headers["Location"], headers={**BYTES, "Upload-Offset": "0"}).status_code
            == 404
        )


def test_options_tell_what_is_spoken(account: httpx.Client) -> None:
    answer = account.options(UPLOADS)
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    spoken = {"creation", "creation-with-upload", "checksum", "concatenation", "expiration", "termination"}
    assert set(answer.headers["Tus-Extension"].split(",")) == spoken
    assert set(answer.headers["Tus-Checksum-Algorithm"].split(",")) == {"sha1", "sha256", "sha512", "md5", "crc32"}
    assert int(answer.headers["Tus-Max-Size"]) > 1 << 30


def test_every_answer_names_the_version_refusals_included(account: httpx.Client) -> None:
    upload = created(account)
    url = upload.headers["Location"]
    answers = [upload, account.head(url, headers=TUS), patched(account, url, b"x", 7), account.head(url)]
    assert [answer.status_code for answer in answers] == [201, 200, 409, 412]
    assert {answer.headers["Tus-Resumable"] for answer in answers} == {"1.0.0"}


def test_nobody_uploads_without_an_account(running_octavo: RunningOctavo) -> None:
    answer = httpx.post(f"{running_octavo.url}{UPLOADS}", headers={**TUS, "Upload-Length": "5"}, timeout=60)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 400),
        ({"Upload-Length": "0"}, 422),
        ({"Upload-Length": "-5"}, 400),
        ({"Upload-Length": "a lot"}, 400),
        ({"Upload-Defer-Length": "1"}, 400),
        ({"Upload-Length": "9" * 18}, 413),
        ({"Upload-Length": "5", **metadata(filename="letter.pdf")}, 415),
        ({"Upload-Length": "5", **metadata(filename="f.mp4", purpose="nobody.knows")}, 422),
        ({"Upload-Length": "5", "Upload-Metadata": "filename not-base64!"}, 400),
    ],
)
def test_what_cannot_be_accepted_is_refused_before_a_byte(
    account: httpx.Client, headers: dict[str, str], status: int
) -> None:
    answer = account.post(UPLOADS, headers={**TUS, **metadata(filename="f.mp4"), **headers})
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_a_body_longer_than_announced_is_refused_and_the_rest_still_fits(account: httpx.Client) -> None:
    url = created(account, length=10).headers["Location"]
    assert patched(account, url, b"x" * 11, 0).status_code == 413
    assert patched(account, url, b"x" * 4, 0).headers["Upload-Offset"] == "4"
    assert patched(account, url, b"x" * 7, 4).status_code == 413
    assert patched(account, url, b"x" * 6, 4).headers["Upload-Offset"] == "10"


def test_bytes_come_as_the_protocol_says(account: httpx.Client) -> None:
    url = created(account).headers["Location"]
    assert patched(account, url, b"x", 0, **{"Content-Type": "text/plain"}).status_code == 415
    assert patched(account, url, b"x", 0, **{"Tus-Resumable": "0.2.2"}).status_code == 412
    assert patched(account, url, b"x", 1).status_code == 409


def test_a_name_with_a_path_is_shown_without_it(account: httpx.Client) -> None:
    asset_id = created(account, filename="../../../etc/film.mp4").headers["Octavo-Asset"]
    titles = account.get("/api/video/v1/titles", params={"owner": "me"}).json()["items"]
    assert [title["title"] for title in titles if title["film"]["asset_id"] == asset_id] == ["film"]


def test_an_ended_upload_is_gone(account: httpx.Client) -> None:
    url = created(account).headers["Location"]
    assert account.delete(url, headers=TUS).status_code == 204
    assert account.head(url, headers=TUS).status_code in (404, 410)
    assert patched(account, url, b"x", 0).status_code in (404, 410)


def test_every_answer_about_an_unfinished_upload_says_until_when_it_is_kept(account: httpx.Client) -> None:
    upload = created(account, length=10)
    url = upload.headers["Location"]
    answers = [upload, patched(account, url, b"x" * 4, 0), account.head(url, headers=TUS)]
    kept_until = [parsedate_to_datetime(answer.headers["Upload-Expires"]) for answer in answers]
    assert kept_until == sorted(kept_until)
    last = patched(account, url, b"x" * 6, 4)
    assert "Upload-Expires" not in last.headers


def test_head_repeats_what_was_said(account: httpx.Client) -> None:
    said = metadata(filename="film.mp4", director="Nadia")["Upload-Metadata"]
    url = account.post(UPLOADS, headers={**TUS, "Upload-Length": "9", "Upload-Metadata": said}).headers["Location"]
    assert account.head(url, headers=TUS).headers["Upload-Metadata"] == said


def test_a_creation_whose_bytes_are_spoilt_leaves_no_upload(account: httpx.Client) -> None:
    spoilt = {"Upload-Checksum": f"md5 {base64.b64encode(hashlib.md5(b'else').digest()).decode()}"}
    headers = {**BYTES, "Upload-Length": "4", **metadata(filename="spoilt.mp4")}
    assert account.post(UPLOADS, headers={**headers, **spoilt}, content=b"film").status_code == 460
    assert account.post(UPLOADS, headers={**headers, "Upload-Checksum": "sha0 AA"}, content=b"film").status_code == 400

    def gone() -> bool | None:
        items = account.get("/api/video/v1/titles", params={"owner": "me", "limit": 100}).json()["items"]
        return "spoilt" not in {title["title"] for title in items} or None

    assert eventually(gone)


def test_who_cannot_send_patch_says_what_is_meant(account: httpx.Client) -> None:
    url = created(account, length=4).headers["Location"]
    patch = {**BYTES, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert account.post(url, headers=patch, content=b"film").headers["Upload-Offset"] == "4"
    assert account.post(url, headers={**TUS, "X-HTTP-Method-Override": "DELETE"}).status_code == 204
    assert account.head(url, headers=TUS).status_code == 404
    assert account.post(url, headers=TUS).status_code == 400


def test_of_two_clients_that_write_one_upload_one_waits_and_nothing_is_mixed(
    running_octavo: RunningOctavo, account: httpx.Client
) -> None:
    url = created(account, length=200).headers["Location"]
    started, go_on = threading.Event(), threading.Event()

    def slowly() -> Iterator[bytes]:
        yield b"a" * 100
        started.set()
        go_on.wait(30)
        yield b"a" * 100

    def first() -> httpx.Response:
        return account.patch(url, content=slowly(), headers={**BYTES, "Upload-Offset": "0"}, timeout=60)

    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(first)
        assert started.wait(30)
        other = httpx.Client(headers=account.headers, timeout=60)
        # What was sent may not have arrived yet. Bytes for another place are refused either way.
        eventually(lambda: patched(other, url, b"b", 150).status_code == 423 or None)
        refused = patched(other, url, b"b" * 200, 0)
        go_on.set()
        assert sending.result().headers["Upload-Offset"] == "200"
    assert refused.status_code == 423
    assert patched(other, url, b"b" * 200, 0).status_code == 409
