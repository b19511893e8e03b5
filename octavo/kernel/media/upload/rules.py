"""Pure decisions about uploads: what is accepted, under which name, and where it may go on."""

import hashlib
import mimetypes
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from uuid import UUID

from octavo.kernel.media.purposes import Purpose
from octavo.kernel.media.upload.rows import Quota, Upload, UploadRequest
from octavo.kernel.refusals import (
    BadRequest,
    Conflict,
    Forbidden,
    Gone,
    Invalid,
    Refusal,
    StorageFull,
    TooLarge,
    UnsupportedMedia,
)

NAME_LENGTH = 200
# What browsers and the standard table do not know, or call by different names.
_FILM_ENDINGS = frozenset(
    """3g2 3gp asf avi divx dv f4v flv m2ts m2v m4v mkv mod mov mp4 mpeg mpg mts mxf nut ogm ogv qt ts vob webm
    wmv y4m""".split()  # noqa: SIM905 -- a list of thirty quoted words reads worse
)
_UNTOLD = frozenset({"", "application/octet-stream", "binary/octet-stream"})


class OffsetConflict(Conflict):
    title = "The upload is at another offset"


class UploadBusy(Refusal):
    """tus 1.0 leaves the status to us; 423 is what its clients retry."""

    status, title = 423, "Another connection is writing this upload"


class QuotaReached(TooLarge):
    title = "There is no room left in your quota"


class PartsUnfit(Conflict):
    title = "These parts cannot be joined"


def check_announced(request: UploadRequest, purpose: Purpose, *, largest: int) -> None:
    """Refuses by what the sender says, before a byte is stored; what the bytes really are is found by probing."""
    check_length(request.length)
    check_size(request.length, purpose, largest=largest)
    check_type(request.filename, request.filetype, purpose)


def check_length(length: int) -> None:
    if length <= 0:
        raise Invalid("The file is empty.", fields={"file": "The file is empty."})


def check_size(length: int, purpose: Purpose, *, largest: int) -> None:
    bound = min(largest, purpose.max_size or largest)
    if length > bound:
        raise TooLarge(f"The file has {length:,} bytes; at most {bound:,} are accepted.", maximum=bound)


def check_type(filename: str, filetype: str, purpose: Purpose) -> None:
    kind = filetype.split(";")[0].strip().lower()
    if kind in _UNTOLD:
        kind = _type_by_name(filename)
    if not any(fnmatchcase(kind, pattern) for pattern in purpose.accepts):
        accepted = ", ".join(purpose.accepts)
        raise UnsupportedMedia(f"A file of type {kind or 'unknown'} is not accepted here; it must be {accepted}.")


def check_quota(length: int, quota: Quota) -> None:
    if quota.allowed and quota.used + length > quota.allowed:
        raise QuotaReached(
            f"Your files take {quota.used:,} of {quota.allowed:,} bytes; this one would need {length:,} more."
        )


def check_disk(length: int, *, free: int, kept_free: int) -> None:
    if length + kept_free > free:
        raise StorageFull("There is no room for this file on the server's disk now. Please try again later.")


def check_append(upload: Upload, *, offset: int, announced: int | None) -> None:
    """May bytes be appended at `offset`? `announced` is the request's own length, where it says one."""
    if upload.state in ("failed", "deleted"):
        raise Gone("This upload was ended.")
    check_receiving(upload)
    if offset != upload.received:
        raise OffsetConflict(f"The upload goes on at byte {upload.received}, not at {offset}.", offset=upload.received)
    if announced is not None:
        check_bound(upload, offset + announced)


def check_receiving(upload: Upload) -> None:
    if upload.is_joined or upload.url or upload.joined_to is not None:
        raise Forbidden("The bytes of this upload come from elsewhere; none can be sent.")


def check_bound(upload: Upload, end: int) -> None:
    if end > upload.length:
        raise TooLarge(f"The upload was announced with {upload.length} bytes; more were sent.", maximum=upload.length)


def check_parts(wanted: Sequence[UUID], found: Mapping[UUID, Upload]) -> int:
    """The length of all together. Raises PartsUnfit: each must be a whole part of the sender's, and used once."""
    if not wanted:
        raise BadRequest("Upload-Concat names no parts.")
    if len(set(wanted)) < len(wanted):
        raise PartsUnfit("A part is named twice.")
    for part_id in wanted:
        part = found.get(part_id)
        if part is None or not part.is_part:
            raise PartsUnfit(f"{part_id} is no part of an upload. It may have expired.")
        if part.joined_to is not None:
            raise PartsUnfit(f"{part_id} has been joined with others already.")
        if not part.whole:
            raise PartsUnfit(f"{part_id} is at byte {part.received} of {part.length}: send the rest of it first.")
    return sum(found[part_id].length for part_id in wanted)


def announced_number(text: str, header: str) -> int:
    """A size from a header: digits alone, and no more than a database can hold."""
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise BadRequest(f"{header} must be a whole number of bytes.")
    return int(text)


def safe_filename(name: str) -> str:
    """The last component of whatever a sender calls the file, without what a path or a terminal could trip over."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kinds = ((char, unicodedata.category(char)[0]) for char in last)
    kept = "".join(" " if kind == "Z" else char for char, kind in kinds if kind != "C").strip(" .")
    if len(kept) > NAME_LENGTH:
        stem, dot, ending = kept.rpartition(".")
        kept = f"{stem[: NAME_LENGTH - 1 - len(ending)]}.{ending}" if dot and len(ending) <= 10 else kept[:NAME_LENGTH]
    return kept or "untitled"


def source_hash(parts: Iterable[bytes]) -> str:
    """The hash of the hashes of a file's 8 MiB parts: what is known as the file's hash everywhere here."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part)
    return whole.hexdigest()


def _type_by_name(filename: str) -> str:
    ending = filename.rpartition(".")[2].lower()
    if ending in _FILM_ENDINGS:
        return f"video/x-{ending}"
    return mimetypes.guess_type(filename)[0] or ""
