"""Tells from a file's own claims whether all of it has arrived, without reading more than a few headers."""

import struct
from pathlib import Path
from typing import BinaryIO

_SEGMENT_ID = b"\x18\x53\x80\x67"  # Matroska's root element (RFC 9559, 5.1)
_CUT_OFF = "The file is cut off: {have} of {claimed} bytes are here. Upload the whole file again."
_NO_INDEX = "The file is cut off before its index, so nothing in it can be found. Upload the whole file again."


def missing_part(path: Path) -> str:
    """A sentence for the uploader when the end of the film is missing, or an empty one."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(64)
        if head[4:8] in (b"ftyp", b"moov", b"mdat", b"free", b"wide", b"skip"):
            return _missing_boxes(file, size)
        claimed = _riff_size(head) if head[:4] == b"RIFF" else _matroska_size(head)
    return _CUT_OFF.format(have=f"{size:,}", claimed=f"{claimed:,}") if claimed > size else ""


def _missing_boxes(file: BinaryIO, size: int) -> str:
    """ISO base media files: an index (moov) must be there, and the media that it speaks of."""
    kinds: set[bytes] = set()
    at = 0
    while at + 8 <= size:
        file.seek(at)
        header = file.read(16)
        length, kind = struct.unpack_from(">I4s", header)
        if length == 1 and len(header) == 16:
            length = struct.unpack_from(">Q", header, 8)[0]
        at = size if length == 0 else at + max(length, 8)
        if at > size:
            # Players forgive stray bytes behind a complete film; nothing forgives a missing index or missing media.
            return "" if b"moov" in kinds and kind not in (b"mdat", b"moof") else _told(at, size, kinds)
        kinds.add(kind)
    return "" if b"moov" in kinds else _NO_INDEX


def _told(claimed: int, size: int, kinds: set[bytes]) -> str:
    return _CUT_OFF.format(have=f"{size:,}", claimed=f"{claimed:,}") if b"moov" in kinds else _NO_INDEX


def _riff_size(head: bytes) -> int:
    size = int(struct.unpack_from("<I", head, 4)[0])
    return 0 if size in (0, 0xFFFFFFFF) else 8 + size  # zero or all ones: written by a recorder that never came back


def _matroska_size(head: bytes) -> int:
    at = head.find(_SEGMENT_ID)
    if not head.startswith(b"\x1a\x45\xdf\xa3") or at < 0 or at + 12 > len(head):
        return 0
    first = head[at + 4]
    width = 9 - first.bit_length()
    value = int.from_bytes(head[at + 4 : at + 4 + width], "big") & ((1 << 7 * width) - 1)
    unknown = value == (1 << 7 * width) - 1
    return 0 if unknown or not first else at + 4 + width + value
