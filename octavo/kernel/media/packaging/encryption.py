"""Common encryption of a fragmented MP4 (ISO/IEC 23001-7, scheme `cenc`): every sample by AES-128 in counter mode.

A sample's initialisation vector is derived from the key and the sample itself, as in RFC 5297: the same sample gives
the same bytes again, so that a step of the work can be repeated, and no vector ever serves two different ones.
"""

import hashlib
import hmac
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

from octavo.kernel.media.packaging.boxes import Box, BrokenBoxes, boxes_in, boxes_of_file, child
from octavo.kernel.media.packaging.description import Description, describe
from octavo.kernel.media.packaging.fragments import fragments_of, index_fragments, read_init, sample_sizes
from octavo.kernel.media.packaging.protection import nal_length_size, protected_init
from octavo.kernel.media.packaging.rows import ContentKey, TrackIndex

IV_BYTES = 8
_BLOCK = 16
# Players that parse pictures before they decrypt them read a slice's header, which x264 writes in fewer bytes.
_CLEAR_OF_A_SLICE = 64
# Players read captions before they decrypt: messages of ITU-T T.35 stay as they are (ISO/IEC 23001-7, 9.5.2).
_CAPTIONS = (6, 4)  # H.264: the type of the unit, and that of the message in it
_MOST_CLEAR = 0xFFFF  # bytes of one subsample (16 bits)
_HAS_SUBSAMPLES = 2


class Part(NamedTuple):
    """A stretch of a sample: so many bytes as they are, then so many that are encrypted."""

    clear: int
    encrypted: int


def encrypt_fragments(path: Path, out: Path, key: ContentKey) -> TrackIndex:
    """Writes the fragments of a single-track file under `key`. The same file and key always give the same bytes."""
    with path.open("rb") as file, out.open("wb") as written:
        layout = list(boxes_of_file(file))
        init = read_init(file, layout)
        description = describe(init)
        lengths = nal_length_size(init)
        written.write(protected_init(init, key.id, IV_BYTES))
        for moof, mdat in fragments_of(layout):
            _encrypt_fragment(file, written, moof, mdat, _Samples(description, lengths, key))
    return index_fragments(out)


def initialisation_vector(key: ContentKey, sample: bytes | memoryview) -> bytes:
    derived = hashlib.sha256(b"initialisation vectors" + key.secret).digest()
    return hmac.digest(derived, bytes(sample), "sha256")[:IV_BYTES]


def counter_mode(key: ContentKey, vector: bytes) -> Cipher[CTR]:
    """The block counter follows the vector (ISO/IEC 23001-7, 9.3)."""
    return Cipher(AES(key.secret), CTR(vector + bytes(_BLOCK - len(vector))))


class _Samples(NamedTuple):
    description: Description
    nal_lengths: int  # bytes of the length in front of each NAL unit; 0 for samples without any
    key: ContentKey


def _encrypt_fragment(file: BinaryIO, written: BinaryIO, moof: Box, mdat: Box, samples: _Samples) -> None:
    file.seek(moof.start)
    header = file.read(moof.size)
    content = bytearray(file.read(mdat.size))
    sizes = sample_sizes(header, samples.description)
    at = mdat.body - mdat.start
    if sum(sizes) != len(content) - at:
        raise BrokenBoxes("the samples of a fragment do not fill it")
    entries = []
    for size in sizes:
        sample = memoryview(content)[at : at + size]
        vector = initialisation_vector(samples.key, sample)
        parts = list(_parts(sample, samples.nal_lengths)) if samples.nal_lengths else []
        _encrypt(sample, parts or [Part(0, size)], samples.key, vector)
        entries.append(vector + _subsamples(parts))
        at += size
    written.write(_described(header, entries, subsamples=bool(samples.nal_lengths)))
    written.write(content)


def _encrypt(sample: memoryview, parts: Sequence[Part], key: ContentKey, vector: bytes) -> None:
    """In place; the counter runs on from one part to the next."""
    encryptor = counter_mode(key, vector).encryptor()
    at = 0
    for part in parts:
        at += part.clear
        sample[at : at + part.encrypted] = encryptor.update(bytes(sample[at : at + part.encrypted]))
        at += part.encrypted


def _parts(sample: memoryview, length_size: int) -> Iterator[Part]:
    """Of each NAL unit the beginning stays clear, and what is encrypted is whole blocks (ISO/IEC 23001-7, 9.5.2)."""
    at = 0
    while at < len(sample):
        unit = length_size + int.from_bytes(sample[at : at + length_size], "big")
        if unit <= length_size or at + unit > len(sample):
            raise BrokenBoxes("a picture's units do not fill it")
        encrypted = max(0, unit - _CLEAR_OF_A_SLICE) // _BLOCK * _BLOCK
        head = sample[at + length_size : at + unit]
        if len(head) > 1 and (head[0] & 31, head[1]) == _CAPTIONS:
            encrypted = 0
        clear = unit - encrypted
        for _ in range((clear - 1) // _MOST_CLEAR):
            yield Part(_MOST_CLEAR, 0)
            clear -= _MOST_CLEAR
        yield Part(clear, encrypted)
        at += unit


def _subsamples(parts: Sequence[Part]) -> bytes:
    if not parts:
        return b""
    return struct.pack(">H", len(parts)) + b"".join(struct.pack(">HI", *part) for part in parts)


def _described(moof: bytes, entries: Sequence[bytes], *, subsamples: bool) -> bytes:
    """The fragment's header with the vectors of its samples: saiz and saio say where senc has them."""
    if max(map(len, entries)) > 0xFF:
        raise BrokenBoxes("a picture of too many units")
    track = child(moof, "moof/traf")
    sizes = bytes(map(len, entries))
    same = sizes[0] if len(set(sizes)) == 1 else 0
    saiz = _box(b"saiz", struct.pack(">IBI", 0, same, len(sizes)) + (b"" if same else sizes))
    senc = _box(b"senc", struct.pack(">II", _HAS_SUBSAMPLES if subsamples else 0, len(entries)) + b"".join(entries))
    first_entry = track.end + len(saiz) + 20 + 16  # behind saio, and behind the head of senc
    saio = _box(b"saio", struct.pack(">III", 0, 1, first_entry))
    added = saiz + saio + senc
    header = bytearray(moof[: track.end] + added + moof[track.end :])
    for box in (child(moof, "moof"), track):
        struct.pack_into(">I", header, box.start, box.size + len(added))
    for run in boxes_in(moof, track.body, track.end):
        if run.kind == "trun" and moof[run.body + 3] & 1:
            offset = struct.unpack_from(">i", moof, run.body + 8)[0]
            struct.pack_into(">i", header, run.body + 8, offset + len(added))
    return bytes(header)


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body
