"""What the sample entries of pictures say: size, and the codec strings by which browsers tell what they can play."""

import struct
from collections.abc import Callable

from octavo.kernel.media.packaging.boxes import Box, child

_VISUAL_ENTRY = 78  # bytes of fixed fields in a VisualSampleEntry before its own boxes (ISO/IEC 14496-12, 12.1.3)


def picture_size(init: bytes, entry: Box) -> tuple[int, int]:
    """Width and height in pixels."""
    width, height = struct.unpack_from(">HH", init, entry.body + 24)
    return int(width), int(height)


def picture_codec(init: bytes, entry: Box) -> str | None:
    """The codec string of the entry; None for what is no picture that is known here."""
    named = _CODECS.get(entry.kind)
    if named is None:
        return None
    box, write = named
    configuration = child(init, box, entry.body + _VISUAL_ENTRY, entry.end)
    return write(init[configuration.body : configuration.end])


def _avc(configuration: bytes) -> str:
    """RFC 6381, 3.3: profile, constraint flags and level as they stand in the decoder configuration."""
    return "avc1." + configuration[1:4].hex()


def _av1(configuration: bytes) -> str:
    """AV1 in ISOBMFF, section 5: profile, level and tier, bit depth."""
    profile, level = configuration[1] >> 5, configuration[1] & 31
    tier = "H" if configuration[2] & 0x80 else "M"
    depth = 10 if configuration[2] & 0x40 else 8
    return f"av01.{profile}.{level:02}{tier}.{depth:02}"


def _vp9(configuration: bytes) -> str:
    """VP Codec ISO Media File Format Binding: profile, level and bit depth behind version and flags."""
    profile, level, depth = configuration[4], configuration[5], configuration[6] >> 4
    return f"vp09.{profile:02}.{level:02}.{depth:02}"


_CODECS: dict[str, tuple[str, Callable[[bytes], str]]] = {
    "avc1": ("avcC", _avc),
    "av01": ("av1C", _av1),
    "vp09": ("vpcC", _vp9),
}
