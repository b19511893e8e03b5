"""What an initialisation segment says of encryption: which scheme, which key, and what the samples are underneath."""

import struct
from uuid import UUID

from octavo.kernel.media.packaging.boxes import Box, BrokenBoxes, boxes_in, child

# The system that stands for the key's id alone (https://www.w3.org/TR/eme-initdata-cenc/, section 4).
COMMON_SYSTEM = UUID("1077efec-c0b2-4d02-ace3-3c1e52e2fb4b")
_CENC_VERSION = 0x0001_0000
_FIELDS = {"video": 78, "audio": 28}  # of a sample entry, in bytes, before its own boxes (ISO/IEC 14496-12, 12.1.3)
_PROTECTED = {"encv": "video", "enca": "audio"}
# Formats whose samples are NAL units behind their lengths, and where their configuration says how long those are.
_NAL_FORMATS = {"avc1": ("avcC", 4), "hvc1": ("hvcC", 21), "hev1": ("hvcC", 21)}
_SOUNDS = ("mp4a", "ac-3", "ec-3", "Opus", "fLaC")


def original_format(init: bytes, entry: Box) -> str:
    """What the samples of an entry are once they are decrypted."""
    if entry.kind not in _PROTECTED:
        return entry.kind
    form = child(init, "sinf/frma", entry.body + _FIELDS[_PROTECTED[entry.kind]], entry.end)
    return init[form.body : form.body + 4].decode("latin-1")


def nal_length_size(init: bytes) -> int:
    """Bytes of the length in front of each NAL unit; 0 for sound, which is encrypted whole. Raises BrokenBoxes."""
    entry = _entry(init)
    if entry.kind in _SOUNDS:
        return 0
    if entry.kind not in _NAL_FORMATS:
        raise BrokenBoxes(f"no encryption is known for {entry.kind} samples")
    kind, at = _NAL_FORMATS[entry.kind]
    configuration = child(init, kind, entry.body + _FIELDS["video"], entry.end)
    return (init[configuration.body + at] & 3) + 1


def protected_init(init: bytes, key_id: UUID, iv_bytes: int) -> bytes:
    """The same, saying that all samples are encrypted under the key of this id."""
    entry = _entry(init)
    kind = b"enca" if entry.kind in _SOUNDS else b"encv"
    sinf = _scheme(entry.kind, key_id, iv_bytes)
    pssh = protection_header(key_id)
    changed = bytearray(init)
    changed[entry.start + 4 : entry.start + 8] = kind
    for box in (entry, *_around(init)):
        struct.pack_into(">I", changed, box.start, box.size + len(sinf))
    moov = child(init, "moov")
    struct.pack_into(">I", changed, moov.start, moov.size + len(sinf) + len(pssh))
    return bytes(changed[: entry.end] + sinf + changed[entry.end : moov.end] + pssh + changed[moov.end :])


def clear_init(init: bytes) -> bytes:
    """The same, saying nothing of encryption; as long as it was."""
    changed = bytearray(init)
    entry = _entry(init)
    if entry.kind in _PROTECTED:
        changed[entry.start + 4 : entry.start + 8] = original_format(init, entry).encode("latin-1")
        scheme = child(init, "sinf", entry.body + _FIELDS[_PROTECTED[entry.kind]], entry.end)
        changed[scheme.start + 4 : scheme.start + 8] = b"free"
    moov = child(init, "moov")
    for box in boxes_in(init, moov.body, moov.end):
        if box.kind == "pssh":
            changed[box.start + 4 : box.start + 8] = b"free"
    return bytes(changed)


def protection_header(key_id: UUID) -> bytes:
    """The pssh box that names the key to any system that knows no other way (ISO/IEC 23001-7, 8.1)."""
    return _box(b"pssh", struct.pack(">I16sI16sI", 1 << 24, COMMON_SYSTEM.bytes, 1, key_id.bytes, 0))


def _scheme(original: str, key_id: UUID, iv_bytes: int) -> bytes:
    """ISO/IEC 14496-12, 8.12, with the defaults of ISO/IEC 23001-7, 8.2."""
    defaults = _box(b"tenc", struct.pack(">IBBBB16s", 0, 0, 0, 1, iv_bytes, key_id.bytes))
    scheme = _box(b"schm", struct.pack(">I4sI", 0, b"cenc", _CENC_VERSION))
    return _box(b"sinf", _box(b"frma", original.encode("latin-1")) + scheme + _box(b"schi", defaults))


def _around(init: bytes) -> list[Box]:
    """The boxes that hold the sample entry, without the outermost."""
    path = ["trak", "mdia", "minf", "stbl", "stsd"]
    return [child(init, "moov/" + "/".join(path[: n + 1])) for n in range(len(path))]


def _entry(init: bytes) -> Box:
    table = child(init, "moov/trak/mdia/minf/stbl/stsd")
    start = table.body + 8  # version, flags and the number of entries
    size, name = struct.unpack_from(">I4s", init, start)
    return Box(name.decode("latin-1"), start, start + 8, start + size)


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body
