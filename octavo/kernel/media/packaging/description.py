"""What a track's initialisation segment says of it: codec string, size, channels, timescale, default sample values."""

import struct
from typing import Literal, NamedTuple

from octavo.kernel.media.packaging.boxes import Box, BrokenBoxes, child, find_child

_VISUAL_ENTRY = 78  # bytes of fixed fields in a VisualSampleEntry before its own boxes (ISO/IEC 14496-12, 12.1.3)
_AUDIO_ENTRY = 28  # the same for an AudioSampleEntry (12.2.3)


class Description(NamedTuple):
    kind: Literal["video", "audio"]
    codec: str
    timescale: int
    default_duration: int
    default_size: int
    width: int = 0
    height: int = 0
    channels: int = 0
    sample_rate: int = 0


def describe(init: bytes) -> Description:
    """Reads the first track of an initialisation segment (ftyp and moov)."""
    media = child(init, "moov/trak/mdia")
    header = child(init, "mdhd", media.body, media.end)
    timescale = struct.unpack_from(">I", init, header.body + (20 if init[header.body] == 1 else 12))[0]
    extends = child(init, "moov/mvex/trex")
    default_duration, default_size = struct.unpack_from(">II", init, extends.body + 12)
    table = child(init, "minf/stbl/stsd", media.body, media.end)
    entry = next(iter(_entries(init, table)))
    if entry.kind == "avc1":
        width, height = struct.unpack_from(">HH", init, entry.body + 24)
        codec = _avc_codec(init, entry)
        return Description("video", codec, timescale, default_duration, default_size, width=width, height=height)
    if entry.kind == "mp4a":
        channels = struct.unpack_from(">H", init, entry.body + 16)[0]
        sample_rate = struct.unpack_from(">I", init, entry.body + 24)[0] >> 16
        codec = f"mp4a.{_aac_object_type(init, entry)}"
        return Description(
            "audio", codec, timescale, default_duration, default_size, channels=channels, sample_rate=sample_rate
        )
    raise BrokenBoxes(f"no packaging is known for {entry.kind} samples")


def _entries(init: bytes, table: Box) -> list[Box]:
    start = table.body + 8  # version, flags and the number of entries
    size, name = struct.unpack_from(">I4s", init, start)
    return [Box(name.decode("latin-1"), start, start + 8, start + size)]


def _avc_codec(init: bytes, entry: Box) -> str:
    """RFC 6381, 3.3: profile, constraint flags and level as they stand in the decoder configuration."""
    configuration = child(init, "avcC", entry.body + _VISUAL_ENTRY, entry.end)
    return "avc1." + init[configuration.body + 1 : configuration.body + 4].hex()


def _aac_object_type(init: bytes, entry: Box) -> str:
    """RFC 6381, 3.3: the object type in hex and, for MPEG-4 audio, the audio object type ("40.2" is AAC-LC)."""
    esds = find_child(init, "esds", entry.body + _AUDIO_ENTRY, entry.end)
    if esds is None:
        raise BrokenBoxes("an mp4a entry without its esds box")
    tag, body = _descriptor(init, esds.body + 4)
    if tag != 3:
        raise BrokenBoxes("esds does not begin with an elementary stream descriptor")
    flags = init[body + 2]
    body += 3 + 2 * (flags >> 7) + 2 * (flags >> 5 & 1)
    if flags >> 6 & 1:
        body += 1 + init[body]
    _, body = _descriptor(init, body)
    indication = init[body]
    if indication != 0x40:
        return f"{indication:x}"
    _, body = _descriptor(init, body + 13)
    object_type = init[body] >> 3
    if object_type == 31:
        object_type = 32 + ((init[body] & 7) << 3 | init[body + 1] >> 5)
    return f"40.{object_type}"


def _descriptor(init: bytes, at: int) -> tuple[int, int]:
    """The tag of an MPEG-4 descriptor and where its body begins: its length takes seven bits per byte."""
    tag, at = init[at], at + 1
    while init[at] & 0x80:
        at += 1
    return tag, at + 1
