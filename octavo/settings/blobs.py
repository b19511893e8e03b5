"""Settings of `kernel.blobs`: where files are stored."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

GIB = 1024**3
MIB = 1024**2


class BlobsSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where uploads and encoded media are stored."""

    engine: Annotated[
        Literal["local", "s3", "gcs"],
        Meta(
            description="What keeps the files: a local folder, Amazon S3 or whatever speaks its protocol, "
            "or Google Cloud Storage."
        ),
    ] = "local"
    path: Annotated[
        Path | None,
        Meta(
            description="Folder that holds the files; with another engine, what is on its way to it and copies of what "
            "is worked on. Nothing: `blobs` inside the data directory."
        ),
    ] = None
    bucket: Annotated[str, Meta(description="The bucket, which must exist.")] = ""
    prefix: Annotated[
        str, Meta(description="What all keys in the bucket begin with, for several Octavos to share one bucket.")
    ] = ""
    endpoint: Annotated[
        str,
        Meta(
            description="Address of an S3-compatible store or of a stand-in for Google's, such as "
            "`https://s3.example.org`. Empty: the cloud's own."
        ),
    ] = ""
    public_endpoint: Annotated[
        str,
        Meta(description="Address by which players reach the store, where `delivery` is `redirect` and it differs."),
    ] = ""
    region: Annotated[str, Meta(description="Region of the S3 bucket.")] = "us-east-1"
    bucket_in_host: Annotated[
        bool,
        Meta(description="Whether the endpoint's host name holds the bucket already (virtual-hosted style of S3)."),
    ] = False
    access_key_id: Annotated[
        str,
        Meta(
            description="S3 access key. Empty: `AWS_ACCESS_KEY_ID`, or the role of the machine.",
            extra={"secret": True},
        ),
    ] = ""
    secret_access_key: Annotated[str, Meta(description="What belongs to the access key.", extra={"secret": True})] = ""
    service_account: Annotated[
        Path | None,
        Meta(
            description="File with the key of a Google service account. Nothing: `GOOGLE_APPLICATION_CREDENTIALS`, or "
            "the account of the machine."
        ),
    ] = None
    part_bytes: Annotated[
        int,
        Meta(
            ge=5 * MIB,
            description="Files longer than this many bytes go to and from the store in parts of this size, four at "
            "once: what a transfer takes of memory is four parts.",
        ),
    ] = 8 * MIB
    timeout: Annotated[
        float,
        Meta(
            gt=0,
            description="Seconds that one request to the store may take with all its bytes: on a slow line, four parts "
            "at once.",
        ),
    ] = 60.0
    patience: Annotated[
        float,
        Meta(ge=0, description="Seconds for which a request that the store fails is tried again before we give up."),
    ] = 60.0
    copies_bytes: Annotated[
        int,
        Meta(
            ge=0,
            description="How much the local copies of stored files, which encoders read, may take together, in bytes. "
            "What is being read stays even if it is more.",
        ),
    ] = 32 * GIB
    delivery: Annotated[
        Literal["app", "redirect"],
        Meta(
            description="Who sends media to players: this server, or the store itself, to which players are redirected "
            "with an address that is signed for them. A local folder has only the server."
        ),
    ] = "app"
    redirect_seconds: Annotated[
        int,
        Meta(
            ge=60,
            le=7 * 24 * 3600,
            description="Seconds that such an address works. Permission withdrawn meanwhile ends no sooner.",
        ),
    ] = 900
    orphan_hours: Annotated[
        float,
        Meta(
            gt=0,
            description="Hours after which a half-written file that nobody finished is removed, at start-up; and a "
            "local copy that nobody has read, when the next one is made.",
        ),
    ] = 24.0

    def __post_init__(self) -> None:
        if self.engine != "local" and not self.bucket:
            raise ValueError("bucket: name the bucket that keeps the files")
        if bool(self.access_key_id) != bool(self.secret_access_key):
            raise ValueError("access_key_id and secret_access_key: set both, or neither")
        for name in ("endpoint", "public_endpoint"):
            if (value := getattr(self, name)) and not value.startswith(("https://", "http://")):
                raise ValueError(f"{name}: begin it with https:// or http://")
