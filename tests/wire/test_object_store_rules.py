"""What a real S3 server insists on, as Ceph's gateway does: signatures, their expiry, creating without replacing."""

import asyncio
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from octavo.kernel.blobs import BlobExists, StoreUnusable
from octavo.kernel.blobs._remote import RemoteBlobs
from octavo.settings import Settings
from tests.kernel.blobs.ceph import needs_ceph
from tests.kernel.blobs.relay import relay_to
from tests.kernel.blobs.stores import MIB, amazon_client, made_bucket, remote_blobs, s3_settings

pytestmark = needs_ceph
DOCUMENTATION = Path(__file__).parents[2] / "docs" / "object-stores.md"


@pytest.fixture
def store(ceph: str, tmp_path: Path) -> Settings:
    return s3_settings(tmp_path, ceph, made_bucket(ceph), prefix="films", delivery="redirect", redirect_seconds=60)


@pytest.fixture
async def blobs(store: Settings) -> RemoteBlobs:
    blobs = remote_blobs(store)
    await blobs.put("film/480.mp4", bytes(range(256)) * 100)
    return blobs


async def fetched(address: str, method: str = "GET", **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(timeout=60) as client:
        return await client.request(method, address, headers=headers)


async def test_a_signed_address_gives_the_blob_and_its_ranges_with_its_type(blobs: RemoteBlobs) -> None:
    address = await blobs.address("film/480.mp4")
    whole = await fetched(address)
    assert (whole.status_code, len(whole.content), whole.headers["content-type"]) == (200, 25_600, "video/mp4")
    part = await fetched(address, Range="bytes=10-19")
    assert (part.status_code, part.content) == (206, bytes(range(10, 20)))


async def test_a_signed_address_is_for_one_blob_and_for_reading(blobs: RemoteBlobs) -> None:
    address = await blobs.address("film/480.mp4")
    await blobs.put("film/720.mp4", b"another")
    for altered in (
        address.replace("480.mp4", "720.mp4"),
        address.replace("X-Amz-Expires=60", "X-Amz-Expires=604800"),
        address[:-1] + ("1" if address.endswith("0") else "0"),
        address.partition("?")[0],
    ):
        assert (await fetched(altered)).status_code == 403
    for method in ("PUT", "DELETE"):
        assert (await fetched(address, method)).status_code == 403
    assert await blobs.head("film/480.mp4") is not None


async def test_a_signed_address_ends(ceph: str, store: Settings, tmp_path: Path) -> None:
    brief = s3_settings(tmp_path, ceph, store.blobs.bucket, delivery="redirect", redirect_seconds=10)
    blobs = remote_blobs(brief)
    await blobs.put("film", b"film")
    address = await blobs.address("film")
    assert (await fetched(address)).status_code == 200
    async with asyncio.timeout(60):
        while (answer := await fetched(address)).status_code == 200:
            await asyncio.sleep(0.2)
    assert answer.status_code == 403


async def test_players_are_led_to_the_address_that_they_can_reach(ceph: str, store: Settings, tmp_path: Path) -> None:
    async with relay_to(ceph) as edge:
        outside = s3_settings(tmp_path, ceph, store.blobs.bucket, delivery="redirect", public_endpoint=edge.url)
        blobs = remote_blobs(outside)
        await blobs.put("film", b"film")
        address = await blobs.address("film")
        assert urlsplit(address).netloc == urlsplit(edge.url).netloc
        assert (await fetched(address)).content == b"film"
        assert len(edge.seen) == 1


async def test_a_wrong_secret_and_a_strange_key_are_told_apart_from_a_missing_bucket(ceph: str, tmp_path: Path) -> None:
    bucket = made_bucket(ceph)
    for wrong, sentence in (
        ({"secret_access_key": "wrong"}, "SignatureDoesNotMatch"),
        ({"access_key_id": "nobody"}, "InvalidAccessKeyId"),
        ({"bucket": "no-such-bucket"}, "There is no bucket 'no-such-bucket'"),
    ):
        settings = s3_settings(tmp_path, ceph, **{"bucket": bucket, **wrong})
        with pytest.raises(StoreUnusable, match=sentence):
            await remote_blobs(settings).check()


async def test_of_many_who_create_a_long_blob_one_wins_and_its_bytes_stay(blobs: RemoteBlobs, tmp_path: Path) -> None:
    films = [tmp_path / str(n) for n in range(4)]
    for n, film in enumerate(films):
        film.write_bytes(bytes([n]) * 6 * MIB)
    puts = [blobs.put("once", film, create_only=True) for film in films]
    results = await asyncio.gather(*puts, return_exceptions=True)
    (winner,) = [n for n, result in enumerate(results) if result is None]
    assert {type(result) for result in results} == {type(None), BlobExists}
    assert await blobs.get("once") == bytes([winner]) * 6 * MIB


async def test_nothing_lies_outside_the_prefix(ceph: str, blobs: RemoteBlobs, store: Settings) -> None:
    await blobs.check()
    listed = amazon_client(ceph).list_objects_v2(Bucket=store.blobs.bucket)["Contents"]
    assert [found["Key"] for found in listed] == ["films/film/480.mp4"]


async def test_the_rule_of_our_documentation_removes_unfinished_multipart_uploads(ceph: str, store: Settings) -> None:
    outside, bucket = amazon_client(ceph), store.blobs.bucket
    begun = outside.create_multipart_upload(Bucket=bucket, Key="films/film/half.mp4")
    part = {"Bucket": bucket, "Key": "films/film/half.mp4", "UploadId": begun["UploadId"], "PartNumber": 1}
    outside.upload_part(**part, Body=b"half a film")
    written = re.search(r"--lifecycle-configuration '(.*?)'", DOCUMENTATION.read_text(encoding="utf-8"))
    assert written is not None
    outside.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=json.loads(written[1]))
    async with asyncio.timeout(60):
        while outside.list_multipart_uploads(Bucket=bucket).get("Uploads"):
            await asyncio.sleep(0.5)
