"""The resumable upload protocol tus 1.0 (https://tus.io/protocols/resumable-upload): its headers, read and written."""

import base64
import binascii
from collections.abc import Mapping
from email.utils import format_datetime
from uuid import UUID

import msgspec

from octavo.kernel.media.upload.rows import Upload, UploadRequest
from octavo.kernel.media.upload.rules import announced_number
from octavo.kernel.refusals import BadRequest, PreconditionFailed, UnsupportedMedia

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,expiration"
CONTENT_TYPE = "application/offset+octet-stream"
PATH = "/api/media/v1/uploads"
DEFAULT_PURPOSE = "video.title"
# On every answer, refusals included.
RESUMABLE = {"Tus-Resumable": VERSION}


class TusHeaders(msgspec.Struct, frozen=True):
    """The request headers of the protocol, as text; which of them a method needs is checked by the functions below."""

    tus_resumable: str = ""
    upload_length: str = ""
    upload_offset: str = ""
    upload_metadata: str = ""
    upload_defer_length: str = ""
    content_type: str = ""


class UnknownVersion(PreconditionFailed):
    title = "That version of tus is not spoken here"


def check_version(headers: TusHeaders) -> None:
    if headers.tus_resumable != VERSION:
        raise UnknownVersion(f"Send the header Tus-Resumable: {VERSION}.")


def check_content_type(headers: TusHeaders) -> None:
    if headers.content_type.partition(";")[0].strip().lower() != CONTENT_TYPE:
        raise UnsupportedMedia(f"Send the bytes as {CONTENT_TYPE}.")


def creation(headers: TusHeaders) -> UploadRequest:
    """Raises BadRequest for a missing or unreadable length or metadata."""
    if headers.upload_defer_length or not headers.upload_length:
        raise BadRequest("The length must be known from the beginning: send the header Upload-Length.")
    metadata = read_metadata(headers.upload_metadata)
    return UploadRequest(
        purpose=metadata.get("purpose") or DEFAULT_PURPOSE,
        # Uppy and others call them so; tus itself leaves the names open.
        filename=metadata.get("filename") or metadata.get("name") or "",
        filetype=metadata.get("filetype") or metadata.get("type") or "",
        length=announced_number(headers.upload_length, "Upload-Length"),
        belongs_to=belongs_to(metadata.get("for", "")),
    )


def belongs_to(text: str) -> UUID | None:
    """Raises BadRequest for what is no UUID."""
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise BadRequest(f"What the upload is for is named by a UUID, not {text[:40]!r}.") from error


def offset_of(headers: TusHeaders) -> int:
    return announced_number(headers.upload_offset, "Upload-Offset")


def read_metadata(header: str) -> Mapping[str, str]:
    """`name base64,name base64,...`; a name may stand alone."""
    found: dict[str, str] = {}
    for pair in header.split(","):
        name, _, coded = pair.strip().partition(" ")
        if not name:
            continue
        try:
            found[name] = base64.b64decode(coded.strip(), validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise BadRequest(f"Upload-Metadata holds no UTF-8 text in base64 for {name[:40]!r}.") from error
    return found


def progress_headers(upload: Upload) -> dict[str, str]:
    """Where the upload stands and which asset it makes; an unfinished one says until when it is kept."""
    headers = {
        "Upload-Offset": str(upload.received),
        "Octavo-Asset": str(upload.asset_id),
        "Cache-Control": "no-store",
    }
    if upload.finished_at is None:
        headers["Upload-Expires"] = format_datetime(upload.expires_at, usegmt=True)
    return headers


def creation_headers(upload: Upload, address: str) -> dict[str, str]:
    return {"Location": address, **progress_headers(upload)}


def capabilities(max_size: int) -> dict[str, str]:
    """What OPTIONS tells: versions, extensions and the largest file."""
    return {"Tus-Version": VERSION, "Tus-Extension": EXTENSIONS, "Tus-Max-Size": str(max_size)}
