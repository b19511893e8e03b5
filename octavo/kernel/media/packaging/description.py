"""What a track's initialisation segment says of it: codec string, size, channels, timescale, default sample values."""

import struct
from typing import Literal, NamedTuple

from octavo.kernel.media.packaging.boxes import Box, BrokenBoxes, child
from octavo.kernel.media.packaging.picture_entries import picture_codec, picture_size
from octavo.kernel.media.packaging.protection import original_format
from octavo.kernel.media.packaging.sound_entries import aac_codec, dolby_channels


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
    if picture := picture_codec(init, entry):
        width, height = picture_size(init, entry)
        return Description("video", picture, timescale, default_duration, default_size, width=width, height=height)
    if entry.kind == "mp4a":
        codec, channels = aac_codec(init, entry)
        return _sound(init, entry, codec, channels, timescale, default_duration, default_size)
    if entry.kind in ("ac-3", "ec-3"):
        channels = dolby_channels(init, entry)
        return _sound(init, entry, entry.kind, channels, timescale, default_duration, default_size)
    raise BrokenBoxes(f"no packaging is known for {entry.kind} samples")


def _sound(
    init: bytes, entry: Box, codec: str, channels: int, timescale: int, default_duration: int, default_size: int
) -> Description:
    sample_rate = struct.unpack_from(">I", init, entry.body + 24)[0] >> 16
    return Description(
        "audio", codec, timescale, default_duration, default_size, channels=channels, sample_rate=sample_rate
    )


def _entries(init: bytes, table: Box) -> list[Box]:
    start = table.body + 8  # version, flags and the number of entries
    size, name = struct.unpack_from(">I4s", init, start)
    entry = Box(name.decode("latin-1"), start, start + 8, start + size)
    return [entry._replace(kind=original_format(init, entry))]
