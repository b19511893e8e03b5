"""Trying a store out before it is relied on: each thing that Octavo needs of it, once, with a sentence if it fails."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import obstore
from obstore.store import GCSStore, MemoryStore, S3Store

from octavo.kernel.blobs._blob import StoreUnusable
from octavo.kernel.blobs._persistence import NO_CREDENTIALS, WRONG_REGION, Failure, Kind, persist
from octavo.kernel.ids import new_id
from octavo.settings import BlobsSettings

T = TypeVar("T")
FOLDER = "octavo-check"
PATIENCE = 5.0
CONTENT = b"Octavo tries its store out."
KEYS_REFUSED = ("InvalidAccessKeyId", "SignatureDoesNotMatch", "AuthorizationHeaderMalformed", "ExpiredToken")


async def try_out(store: S3Store | GCSStore | MemoryStore, settings: BlobsSettings) -> None:
    """Raises StoreUnusable."""
    key = f"{FOLDER}/{new_id().hex}"
    try:
        # Nobody else has this key: where an answer was lost, it is our own object that the next try replaces.
        await _ask(lambda: obstore.put_async(store, key, CONTENT))
        try:
            await _require_conditions(store, key)
            answer = await _ask(lambda: obstore.get_range_async(store, key, start=7, length=5))
            listed = await _ask(lambda: obstore.list(store, FOLDER).collect_async())
            if bytes(answer) != CONTENT[7:12] or key not in {found["path"] for found in listed}:
                raise StoreUnusable("The store of files does not give back what was put into it.")
        finally:
            await _ask(lambda: obstore.delete_async(store, key))
    except Failure as failure:
        raise StoreUnusable(_sentence(failure, settings)) from None


async def _require_conditions(store: S3Store | GCSStore | MemoryStore, key: str) -> None:
    try:
        await _ask(lambda: obstore.put_async(store, key, CONTENT, mode="create"))
    except Failure as failure:
        if failure.kind is Kind.EXISTS:
            return
        raise
    raise StoreUnusable(
        "The store of files replaces objects although it is told not to (If-None-Match: *). Octavo needs a store that "
        "obeys, such as Amazon S3, Google Cloud Storage, Ceph or MinIO."
    )


async def _ask(attempt: Callable[[], Awaitable[T]]) -> T:
    return await persist(attempt, patience=PATIENCE, quiet=True)  # whoever tries out reads the sentence at the end


def _sentence(failure: Failure, settings: BlobsSettings) -> str:
    """What somebody who sets Octavo up has to mend."""
    where = settings.endpoint or ("Google Cloud Storage" if settings.engine == "gcs" else "Amazon S3")
    if "NoSuchBucket" in failure.said:
        return f"There is no bucket {settings.bucket!r} at {where}. Make it, or correct OCTAVO_BLOBS_BUCKET."
    if failure.said == WRONG_REGION:
        return f"The bucket {settings.bucket!r} at {where} is in another region. Look at OCTAVO_BLOBS_REGION."
    if "RequestTimeTooSkewed" in failure.said:
        return f"The clock of this machine and that of {where} differ by more than a quarter of an hour. Set it."
    if failure.said == NO_CREDENTIALS or any(code in failure.said for code in KEYS_REFUSED):
        names = (
            "OCTAVO_BLOBS_SERVICE_ACCOUNT"
            if settings.engine == "gcs"
            else "OCTAVO_BLOBS_ACCESS_KEY_ID, OCTAVO_BLOBS_SECRET_ACCESS_KEY and OCTAVO_BLOBS_REGION"
        )
        return f"{where} does not accept Octavo's credentials ({failure.said}). Look at {names}."
    if failure.kind is Kind.WRONG:
        return (
            f"{where} does not let Octavo write, read, list and delete in the bucket {settings.bucket!r} "
            f"({failure.said}). Give its credentials these permissions, or correct OCTAVO_BLOBS_BUCKET."
        )
    return f"{where} does not answer ({failure.said}). Look at OCTAVO_BLOBS_ENDPOINT and the network between."
