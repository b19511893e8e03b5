"""The stores that blobs are tested on: moto's S3, Ceph's gateway, a stand-in for Google's, and memory."""

import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import unquote

import boto3
from moto.s3.responses import S3Response
from moto.server import ThreadedMotoServer
from obstore.store import MemoryStore

from octavo.kernel.blobs import Blobs
from octavo.kernel.blobs._engines import open_blobs
from octavo.kernel.blobs._local import LocalBlobs
from octavo.kernel.blobs._remote import RemoteBlobs
from octavo.kernel.ids import new_id
from octavo.settings import BlobsSettings, Settings
from tests.kernel.blobs.relay import Relay, relay_to

ACCESS_KEY, SECRET_KEY = "octavo-test-access", "octavo-test-secret-4711"
MIB = 1024**2
PATIENT = {"timeout": 30.0, "patience": 60.0, "part_bytes": 5 * MIB}


@contextmanager
def moto_store() -> Iterator[str]:
    """S3 as moto imitates it: without looking at signatures."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    with _one_put_at_a_time():
        server.start()
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
        server.stop()


@contextmanager
def _one_put_at_a_time() -> Iterator[None]:
    """S3 looks whether there is an object and stores one in a single step; moto's threads could come in between."""
    lock, put = threading.Lock(), S3Response.put_object

    def put_alone(response: S3Response) -> Any:
        with lock:
            return put(response)

    with patch.object(S3Response, "put_object", put_alone):
        yield


def amazon_client(url: str) -> Any:
    """Amazon's own client, to look at a store from outside."""
    return boto3.client(
        "s3",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
    )


def made_bucket(url: str) -> str:
    name = f"films-{new_id().hex[-20:]}"
    amazon_client(url).create_bucket(Bucket=name)
    return name


def s3_settings(folder: Path, url: str, bucket: str, **more: Any) -> Settings:
    keys = {"access_key_id": ACCESS_KEY, "secret_access_key": SECRET_KEY}
    blobs = BlobsSettings(engine="s3", endpoint=url, bucket=bucket, **{**PATIENT, **keys, **more})
    return Settings(data_dir=folder, blobs=blobs)


def gcs_settings(folder: Path, url: str, bucket: str, **more: Any) -> Settings:
    """For the stand-in: a service account that asks nobody for a token."""
    folder.mkdir(parents=True, exist_ok=True)
    account = folder / "account.json"
    account.write_text(
        json.dumps(
            {"gcs_base_url": url, "disable_oauth": True, "client_email": "", "private_key": "", "private_key_id": ""}
        )
    )
    blobs = BlobsSettings(engine="gcs", endpoint=url, bucket=bucket, service_account=account, **{**PATIENT, **more})
    return Settings(data_dir=folder, blobs=blobs)


@asynccontextmanager
async def google_stand_in(moto: str) -> AsyncIterator[Relay]:
    """Google's XML interface as far as S3 has the same: what differs is put into the other's words on the way."""
    async with relay_to(moto, rewrite_request=_as_amazon, rewrite_answer=_as_google) as relay:
        yield relay


def memory_blobs(folder: Path) -> Blobs:
    store = MemoryStore()
    return RemoteBlobs(lambda *, seconds=None, public=False: store, folder, BlobsSettings())


def local_blobs(folder: Path) -> Blobs:
    return LocalBlobs(folder)


def remote_blobs(settings: Settings) -> RemoteBlobs:
    blobs = open_blobs(settings)
    assert isinstance(blobs, RemoteBlobs)
    return blobs


def _as_amazon(head: bytes) -> bytes:
    head = head.replace(b"x-goog-if-generation-match: 0", b"if-none-match: *").replace(b"x-goog-meta-", b"x-amz-meta-")
    first, *lines = [line for line in head[:-4].split(b"\r\n") if not line.lower().startswith(b"authorization:")]
    method, address, version = first.split(b" ")
    path, question, query = address.partition(b"?")
    # Google's clients escape more than moto undoes.
    first = b" ".join([method, unquote(path.decode()).encode() + question + query, version])
    # Without credentials moto takes a request for a stranger's.
    scope = b"Credential=stand-in/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=none"
    return b"\r\n".join([first, *lines, b"Authorization: AWS4-HMAC-SHA256 " + scope, b"", b""])


def _as_google(answer: bytes) -> bytes:
    head, separator, body = answer.partition(b"\r\n\r\n")
    return head.replace(b"x-amz-meta-", b"x-goog-meta-") + separator + body
