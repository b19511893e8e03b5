"""The store that the settings name, as obstore knows it: who it is, how long it may take, and with which key."""

from datetime import timedelta
from typing import TYPE_CHECKING

from obstore import exceptions
from obstore.store import GCSStore, S3Store

from octavo.kernel.blobs._blob import StoreUnusable
from octavo.settings import BlobsSettings

if TYPE_CHECKING:  # obstore has these for type checkers alone
    from obstore.store import ClientConfig, GCSConfig, RetryConfig, S3Config

CONNECT = timedelta(seconds=5)
# Parts of a long file are tried again one by one here, whole requests in `_persistence`.
RETRIES = 4


def remote_store(settings: BlobsSettings, *, seconds: float | None = None, public: bool = False) -> S3Store | GCSStore:
    """`seconds` is the time that one request may take, if not that of the settings; `public` is how players see it.

    Raises StoreUnusable.
    """
    endpoint = (settings.public_endpoint if public else "") or settings.endpoint
    client: ClientConfig = {
        "connect_timeout": CONNECT,
        "timeout": timedelta(seconds=seconds or settings.timeout),
        "allow_http": endpoint.startswith("http://"),
    }
    retry: RetryConfig = {"max_retries": RETRIES, "retry_timeout": timedelta(seconds=settings.patience)}
    bucket, prefix = settings.bucket, settings.prefix.strip("/") or None
    try:
        if settings.engine == "gcs":
            google = _google(settings, endpoint)
            return GCSStore(bucket, prefix=prefix, config=google, client_options=client, retry_config=retry)
        amazon = _amazon(settings, endpoint)
        return S3Store(bucket, prefix=prefix, config=amazon, client_options=client, retry_config=retry)
    except (exceptions.BaseError, ValueError):
        # Its own words may quote the key.
        names = "SERVICE_ACCOUNT" if settings.engine == "gcs" else "REGION"
        raise StoreUnusable(
            f"The store of files cannot be set up so. Look at OCTAVO_BLOBS_ENDPOINT and OCTAVO_BLOBS_{names}."
        ) from None


def _amazon(settings: BlobsSettings, endpoint: str) -> "S3Config":
    config: S3Config = {
        "region": settings.region,
        "virtual_hosted_style_request": settings.bucket_in_host,
        "conditional_put": "etag",
        "disable_bulk_delete": True,  # not every store has it, and we delete one by one
    }
    if endpoint:
        config["endpoint"] = endpoint.rstrip("/")
    if settings.access_key_id:
        config["access_key_id"] = settings.access_key_id
        config["secret_access_key"] = settings.secret_access_key
    return config


def _google(settings: BlobsSettings, endpoint: str) -> "GCSConfig":
    config: GCSConfig = {}
    if endpoint:
        config["base_url"] = endpoint.rstrip("/")
    if settings.service_account:
        config["service_account"] = str(settings.service_account)
    return config
