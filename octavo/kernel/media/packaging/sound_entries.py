"""What the sample entry of a sound track says in its own box: which codec exactly, and how many channels.

The entry's own count of channels is of no use: many writers leave it at two.
"""

import struct

from octavo.kernel.media.packaging.boxes import Box, BrokenBoxes, child, find_child

_AUDIO_ENTRY = 28  # bytes of fixed fields in an AudioSampleEntry before its own boxes (ISO/IEC 14496-12, 12.2.3)
_AAC_CHANNELS = (0, 1, 2, 3, 4, 5, 6, 8)  # by channel configuration (ISO/IEC 14496-3, table 1.19)
_DOLBY_CHANNELS = (2, 1, 2, 3, 3, 4, 4, 5)  # by audio coding mode (ETSI TS 102 366, table 4.3)
_AT_THE_BACK = 2  # channels of the dependent substream that makes 7.1 of 5.1


def aac_codec(init: bytes, entry: Box) -> tuple[str, int]:
    """The codec string of RFC 6381, 3.3 (object type in hex, then the audio object type: "mp4a.40.2" is AAC-LC).

    And the number of channels.
    """
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
        return f"mp4a.{indication:x}", _said_channels(init, entry)
    _, body = _descriptor(init, body + 13)
    object_type, configuration = _audio_specific(int.from_bytes(init[body : body + 8], "big"))
    channels = _AAC_CHANNELS[configuration] if configuration < len(_AAC_CHANNELS) else 0
    return f"mp4a.40.{object_type}", channels or _said_channels(init, entry)


def dolby_channels(init: bytes, entry: Box) -> int:
    """Of AC-3 or E-AC-3, the one for low frequencies counted (ETSI TS 102 366, F.4 and F.6)."""
    if entry.kind == "ac-3":
        box = child(init, "dac3", entry.body + _AUDIO_ENTRY, entry.end)
        bits = int.from_bytes(init[box.body : box.body + 3], "big")
        return _DOLBY_CHANNELS[bits >> 11 & 7] + (bits >> 10 & 1)
    box = child(init, "dec3", entry.body + _AUDIO_ENTRY, entry.end)
    bits = int.from_bytes(init[box.body : box.body + 5], "big")
    channels = _DOLBY_CHANNELS[bits >> 9 & 7] + (bits >> 8 & 1)
    has_dependent = bits >> 1 & 0xF
    return channels + (_AT_THE_BACK if has_dependent else 0)


def _audio_specific(bits: int) -> tuple[int, int]:
    """Object type and channel configuration of the first eight bytes of an AudioSpecificConfig (14496-3, 1.6.2.1)."""
    left = 64

    def read(length: int) -> int:
        nonlocal left
        left -= length
        return bits >> left & (1 << length) - 1

    object_type = read(5)
    if object_type == 31:
        object_type = 32 + read(6)
    if read(4) == 15:
        read(24)  # a sample rate that has no number of its own
    return object_type, read(4)


def _said_channels(init: bytes, entry: Box) -> int:
    return int(struct.unpack_from(">H", init, entry.body + 16)[0])


def _descriptor(init: bytes, at: int) -> tuple[int, int]:
    """The tag of an MPEG-4 descriptor and where its body begins: its length takes seven bits per byte."""
    tag, at = init[at], at + 1
    while init[at] & 0x80:
        at += 1
    return tag, at + 1
