"""Checksums that senders attach to what they send: the algorithms of tus's extension, and whether bytes match."""

import base64
import binascii
import hashlib
import zlib
from collections.abc import Callable
from typing import Protocol

from octavo.kernel.refusals import BadRequest, Refusal


class Digest(Protocol):
    @property
    def digest_size(self) -> int: ...

    def update(self, data: bytes, /) -> None: ...

    def digest(self) -> bytes: ...


class _Crc32:
    """The CRC-32 of zip and PNG, its four bytes the highest first."""

    digest_size = 4

    def __init__(self) -> None:
        self._value = 0

    def update(self, data: bytes) -> None:
        self._value = zlib.crc32(data, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(4, "big")


# Not for secrecy: whoever sends the checksum sends the bytes as well. sha1 is the one that every server must know.
ALGORITHMS: dict[str, Callable[[], Digest]] = {
    "sha1": lambda: hashlib.sha1(usedforsecurity=False),
    "sha256": hashlib.sha256,
    "sha512": hashlib.sha512,
    "md5": lambda: hashlib.md5(usedforsecurity=False),
    "crc32": _Crc32,
}


class ChecksumMismatch(Refusal):
    """The status is tus's own."""

    status, title = 460, "The checksum does not match"


class Checksum:
    """One checksum as it was announced; `update` with every byte in order, then `verify`."""

    def __init__(self, algorithm: str, expected: bytes) -> None:
        self._algorithm = algorithm
        self._expected = expected
        self._digest = ALGORITHMS[algorithm]()

    def update(self, data: bytes) -> None:
        self._digest.update(data)

    def verify(self) -> None:
        if self._digest.digest() != self._expected:
            raise ChecksumMismatch(
                f"The bytes do not have the {self._algorithm} checksum that came with them. "
                "They were thrown away; send them again."
            )


def read_checksum(header: str) -> Checksum | None:
    """`sha1 base64`; None where nothing is announced. Raises BadRequest for an algorithm that is not known here."""
    if not header.strip():
        return None
    algorithm, _, coded = header.strip().partition(" ")
    if algorithm not in ALGORITHMS:
        raise BadRequest(f"Checksums here are {', '.join(ALGORITHMS)}; {algorithm[:40]!r} is none of them.")
    try:
        expected = base64.b64decode(coded.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadRequest("Upload-Checksum holds no base64.") from error
    if len(expected) != ALGORITHMS[algorithm]().digest_size:
        raise BadRequest(f"Upload-Checksum is too long or too short for {algorithm}.")
    return Checksum(algorithm, expected)
