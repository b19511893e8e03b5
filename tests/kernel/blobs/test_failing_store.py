"""A store behind a bad network: what passes is waited out, nothing is stored twice or by half, and the end is told."""

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from octavo.kernel.blobs import BlobExists, StoreUnusable, _trial
from octavo.kernel.blobs._remote import RemoteBlobs
from octavo.kernel.refusals import StorageFull, Unavailable
from octavo.settings import Settings
from tests.kernel.blobs.relay import EVERY_FAULT, Fault, Relay, at_first, now_and_then, relay_to
from tests.kernel.blobs.stores import (
    SECRET_KEY,
    amazon_client,
    made_bucket,
    remote_blobs,
    s3_settings,
)

pytestmark = pytest.mark.slow
LONG = 12 * 1024 * 1024 + 345


@pytest.fixture
async def relay(moto: str) -> AsyncIterator[Relay]:
    async with relay_to(moto) as relay:
        yield relay


@pytest.fixture
def store(relay: Relay, moto: str, tmp_path: Path) -> Settings:
    return s3_settings(tmp_path, relay.url, made_bucket(moto), timeout=0.5)


@pytest.fixture
def blobs(store: Settings) -> RemoteBlobs:
    return remote_blobs(store)


@pytest.mark.parametrize("fault", EVERY_FAULT)
async def test_every_operation_survives_a_failure(blobs: RemoteBlobs, relay: Relay, fault: Fault) -> None:
    async def with_a_failure(method: str) -> None:
        relay.plan = at_first([fault], method)

    await with_a_failure("PUT")
    await blobs.put("a/b", b"0123456789")
    await with_a_failure("GET")
    assert await blobs.get("a/b") == b"0123456789"
    await with_a_failure("HEAD")
    assert await blobs.get_range("a/b", 2, 3) == b"234"
    await with_a_failure("GET")
    assert await blobs.get_range("a/b", 5, 3) == b"567"
    await with_a_failure("GET")
    assert [info.key async for info in blobs.list("a")] == ["a/b"]
    await with_a_failure("DELETE")
    await blobs.delete("a/b")
    assert await blobs.head("a/b") is None
    assert relay.failed == [fault] * 6


@pytest.mark.parametrize("fault", EVERY_FAULT)
async def test_trying_a_store_out_survives_a_failure(
    blobs: RemoteBlobs, relay: Relay, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_trial, "PATIENCE", 60.0)
    for method in ("PUT", "GET", "DELETE"):
        relay.plan = at_first([fault], method)
        await blobs.check()
    assert relay.failed == [fault] * 3
    assert [info.key async for info in blobs.list("octavo-check")] == []


@pytest.mark.parametrize("fault", EVERY_FAULT)
async def test_who_created_a_blob_knows_it_even_if_the_answer_was_lost(
    blobs: RemoteBlobs, relay: Relay, fault: Fault
) -> None:
    relay.plan = at_first([fault, fault], "PUT")
    await blobs.put("a", b"one", create_only=True)
    assert relay.failed == [fault] * 2
    relay.plan = at_first([fault], "PUT")
    with pytest.raises(BlobExists):
        await blobs.put("a", b"two", create_only=True)
    assert await blobs.get("a") == b"one"


@pytest.mark.parametrize("seed", [1, 2, 4, *(pytest.param(seed, marks=pytest.mark.long) for seed in (3, 5, 6))])
async def test_long_files_come_through_a_bad_network_unharmed(
    store: Settings, relay: Relay, moto: str, tmp_path: Path, seed: int
) -> None:
    patient = {"timeout": 2.0, "patience": 120.0}  # a slow machine needs its time for parts of 5 MiB
    blobs = remote_blobs(s3_settings(tmp_path, relay.url, store.blobs.bucket, **patient))
    film = tmp_path / "film"
    film.write_bytes(content := os.urandom(LONG))
    relay.plan = now_and_then(seed, share=0.3)
    await blobs.put("film", film)
    film.unlink()
    other = remote_blobs(s3_settings(tmp_path / "another-machine", relay.url, store.blobs.bucket, **patient))
    async with other.local_copy("film") as copy:
        assert copy.read_bytes() == content
    source = await other.opened("film")
    pieces = [await source.read(start, min(1 << 20, LONG - start)) for start in range(0, LONG, 1 << 20)]
    assert b"".join(pieces) == content
    assert relay.failed
    outside = amazon_client(moto)
    assert [one["Key"] for one in outside.list_objects_v2(Bucket=store.blobs.bucket)["Contents"]] == ["film"]


async def test_a_store_that_stays_away_is_given_up_in_time(moto: str, tmp_path: Path) -> None:
    async with relay_to(moto) as relay:
        settings = s3_settings(tmp_path, relay.url, made_bucket(moto), timeout=0.3, patience=1.0)
        relay.plan = lambda line: Fault.SILENT
        begun = time.monotonic()
        with pytest.raises(Unavailable, match="does not answer right now"):
            await remote_blobs(settings).put("a", b"x")
        assert time.monotonic() - begun < 20
        relay.plan = lambda line: None
        await remote_blobs(s3_settings(tmp_path, relay.url, settings.blobs.bucket)).put("a", b"x")


async def test_whoever_waits_for_a_store_may_leave(blobs: RemoteBlobs, relay: Relay) -> None:
    relay.plan = lambda line: Fault.SILENT
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await blobs.get("a")


@pytest.mark.parametrize(
    ("status", "code", "sentence"),
    [
        (404, "NoSuchBucket", "There is no bucket"),
        (301, "PermanentRedirect", "is in another region. Look at OCTAVO_BLOBS_REGION"),
        (
            403,
            "SignatureDoesNotMatch",
            "does not accept Octavo's credentials .403 SignatureDoesNotMatch.. Look at",
        ),
        (403, "RequestTimeTooSkewed", "clock of this machine"),
        (403, "AccessDenied", "does not let Octavo write, read, list and delete"),
    ],
)
async def test_a_store_that_is_set_up_wrong_is_told_in_a_sentence(
    tmp_path: Path, status: int, code: str, sentence: str
) -> None:
    async with refusing(status, code) as url:
        blobs = remote_blobs(s3_settings(tmp_path, url, "films"))
        with pytest.raises(StoreUnusable, match=sentence):
            await blobs.check()


async def test_a_full_store_is_told_as_one(tmp_path: Path) -> None:
    async with refusing(403, "QuotaExceeded") as url:
        with pytest.raises(StorageFull, match="no room left in the store"):
            await remote_blobs(s3_settings(tmp_path, url, "films")).put("a", b"x")


@pytest.mark.parametrize("create_only", [False, True])
async def test_who_writes_at_the_same_moment_as_another_tries_again(tmp_path: Path, *, create_only: bool) -> None:
    async with refusing(409, "ConditionalRequestConflict", times=3) as url:
        blobs = remote_blobs(s3_settings(tmp_path, url, "films"))
        await blobs.put("a", b"x", create_only=create_only)


async def test_a_store_that_replaces_what_it_should_not_is_refused(moto: str, tmp_path: Path) -> None:
    def careless(head: bytes) -> bytes:
        return head.replace(b"if-none-match: *", b"x-ignored: *")

    async with relay_to(moto, rewrite_request=careless) as relay:
        blobs = remote_blobs(s3_settings(tmp_path, relay.url, made_bucket(moto)))
        with pytest.raises(StoreUnusable, match="If-None-Match"):
            await blobs.check()


async def test_an_address_where_nobody_listens_is_told(tmp_path: Path) -> None:
    blobs = remote_blobs(s3_settings(tmp_path, "http://127.0.0.1:9", "films"))
    with pytest.raises(StoreUnusable, match=r"http://127\.0\.0\.1:9 does not answer"):
        await blobs.check()


async def test_nothing_secret_is_logged_or_told(
    blobs: RemoteBlobs, relay: Relay, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    relay.plan = at_first([Fault.REFUSED] * 8)
    await blobs.put("a", b"x")
    async with refusing(403, "SignatureDoesNotMatch", extra=f"<StringToSign>{SECRET_KEY}</StringToSign>") as url:
        wrong = remote_blobs(s3_settings(blobs.spool_dir, url, "films"))
        with pytest.raises(StoreUnusable) as told:
            await wrong.put("a", b"x")
    assert "SignatureDoesNotMatch" in caplog.text
    for text in (caplog.text, str(told.value), told.value.detail, repr(told.value.__cause__)):
        assert SECRET_KEY not in text
        assert "octavo-test-access" not in text
    assert told.value.__suppress_context__


@asynccontextmanager
async def refusing(status: int, code: str, extra: str = "", times: int = 1_000_000) -> AsyncIterator[str]:
    """A store that answers with this error, so many times, and then that all is well."""
    left = times
    body = f"<Error><Code>{code}</Code>{extra}</Error>".encode()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal left
        left -= 1
        await reader.readuntil(b"\r\n\r\n")
        if left < 0:
            writer.write(b'HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
            writer.close()
            return
        writer.write(b"HTTP/1.1 %d No\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % (status, len(body)) + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
