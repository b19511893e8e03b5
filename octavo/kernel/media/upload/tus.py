"""The resumable upload protocol tus 1.0 (https://tus.io/protocols/resumable-upload): its headers, read and written."""

import base64
import binascii
from collections.abc import Mapping
from email.utils import format_datetime
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from octavo.kernel.media.upload.checksums import ALGORITHMS
from octavo.kernel.media.upload.rows import PARTIAL, Upload, UploadRequest
from octavo.kernel.media.upload.rules import announced_number
from octavo.kernel.refusals import BadRequest, PreconditionFailed, UnsupportedMedia

VERSION = "1.0.0"
# Not checksum-trailer: ASGI has no trailers of requests. Not creation-defer-length: size and quota are checked before
# the first byte.
EXTENSIONS = "creation,creation-with-upload,checksum,concatenation,termination,expiration"
CONTENT_TYPE = "application/offset+octet-stream"
PATH = "/api/media/v1/uploads"
DEFAULT_PURPOSE = "video.title"
FINAL = "final;"
# On every answer, refusals included; who asked for another version learns which there are.
RESUMABLE = {"Tus-Resumable": VERSION, "Tus-Version": VERSION}


class TusHeaders(msgspec.Struct, frozen=True):
    """The request headers of the protocol, as text; which of them a method needs is checked by the functions below."""

    tus_resumable: str = ""
    upload_length: str = ""
    upload_offset: str = ""
    upload_metadata: str = ""
    upload_defer_length: str = ""
    upload_checksum: str = ""
    upload_concat: str = ""
    content_type: str = ""
    x_http_method_override: str = ""


class UnknownVersion(PreconditionFailed):
    title = "That version of tus is not spoken here"


def check_version(headers: TusHeaders) -> None:
    if headers.tus_resumable != VERSION:
        raise UnknownVersion(f"Send the header Tus-Resumable: {VERSION}.")


def check_content_type(headers: TusHeaders) -> None:
    if headers.content_type.partition(";")[0].strip().lower() != CONTENT_TYPE:
        raise UnsupportedMedia(f"Send the bytes as {CONTENT_TYPE}.")


def creation(headers: TusHeaders) -> UploadRequest:
    """Raises BadRequest for a missing or unreadable length or metadata; one that is joined has no length yet."""
    metadata = read_metadata(headers.upload_metadata)
    return UploadRequest(
        purpose=metadata.get("purpose") or DEFAULT_PURPOSE,
        # Uppy and others call them so; tus itself leaves the names open.
        filename=metadata.get("filename") or metadata.get("name") or "",
        filetype=metadata.get("filetype") or metadata.get("type") or "",
        length=_length(headers),
        belongs_to=belongs_to(metadata.get("for", "")),
        metadata=headers.upload_metadata,
        encryption=_encryption(metadata.get("encryption", "")),
    )


def _encryption(text: str) -> Literal["", "none", "clear-key"]:
    try:
        found: Literal["", "none", "clear-key"] = msgspec.convert(text, Literal["", "none", "clear-key"])
        return found
    except msgspec.ValidationError:
        raise BadRequest(f"A film is encrypted by 'clear-key' or not ('none'), and not by {text[:40]!r}.") from None


def _length(headers: TusHeaders) -> int:
    if headers.upload_concat.startswith(FINAL):
        if headers.upload_length or headers.upload_defer_length:
            raise BadRequest("The length of a final upload is that of its parts: leave out Upload-Length.")
        return 0
    if headers.upload_defer_length or not headers.upload_length:
        raise BadRequest("The length must be known from the beginning: send the header Upload-Length.")
    return announced_number(headers.upload_length, "Upload-Length")


def belongs_to(text: str) -> UUID | None:
    """Raises BadRequest for what is no UUID."""
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise BadRequest(f"What the upload is for is named by a UUID, not {text[:40]!r}.") from error


def parts_of_final(concat: str) -> list[UUID]:
    """`final;` and the addresses of the parts, whole or from the root, in the order of the file."""
    return [_part_id(address) for address in concat.removeprefix(FINAL).split()]


def _part_id(address: str) -> UUID:
    folder, _, name = urlsplit(address).path.rpartition("/")
    try:
        if folder != PATH:
            raise ValueError
        return UUID(name)
    except ValueError as error:
        raise BadRequest(f"{address[:100]!r} is the address of no upload here.") from error


def check_concat(concat: str) -> None:
    if concat and concat != PARTIAL and not concat.startswith(FINAL):
        raise BadRequest("Upload-Concat must be partial, or final; with the addresses of the parts.")


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
    """Where the upload stands and which asset it makes; an unfinished one says until when it is kept.

    A final upload has an offset only once its parts are joined.
    """
    headers = {"Cache-Control": "no-store"}
    if not upload.is_part:
        headers["Octavo-Asset"] = str(upload.asset_id)
    if upload.finished_at is not None or not upload.is_joined:
        headers["Upload-Offset"] = str(upload.received)
    if upload.finished_at is None:
        headers["Upload-Expires"] = format_datetime(upload.expires_at, usegmt=True)
    return headers


def standing_headers(upload: Upload) -> dict[str, str]:
    """What HEAD tells: all that was said at the creation, and where the upload stands."""
    said = {"Upload-Metadata": upload.metadata, "Upload-Concat": upload.concat}
    return {
        "Upload-Length": str(upload.length),
        **{name: value for name, value in said.items() if value},
        **progress_headers(upload),
    }


def creation_headers(upload: Upload, address: str) -> dict[str, str]:
    return {"Location": address, **progress_headers(upload)}


def capabilities(max_size: int) -> dict[str, str]:
    """What OPTIONS tells: versions, extensions, checksums and the largest file."""
    return {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        "Tus-Max-Size": str(max_size),
    }
