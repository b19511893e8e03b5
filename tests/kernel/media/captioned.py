"""Films with closed captions inside of their picture (CTA-608 in ATSC A/53 user data), which ffmpeg cannot make."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
from av.sidedata.sidedata import Type

from tests.kernel.media.numbered import made_by_ffmpeg

_TRIPLETS = 600  # a second of caption data, shared by its pictures (CTA-708)
_SEI, _T35, _NULL = 6, 4, (0x80, 0x80)
_A53 = bytes([0xB5, 0x00, 0x31]) + b"GA94" + b"\x03"
# Commands of the first channel, CC1: load a text unseen, erase what is left there, write on the last row, show it.
_LOAD, _ERASE, _ROW_15, _SHOW = (0x14, 0x20), (0x14, 0x2E), (0x14, 0x70), (0x14, 0x2F)


def a_captioned_film(
    path: Path, text: str, *, seconds: int, rate: int = 30, options: str = "", sound: bool = False
) -> Path:
    """A film that says `text` and the second on its last row, once a second; a bit slower than `rate`, as on air."""
    pictures = ("-f", "lavfi", "-i", f"testsrc=s=128x96:r={rate}000/1001", "-frames:v", f"{seconds * rate}")
    one_slice = ("-c:v", "libx264", "-bf", "0", "-g", f"{rate}", "-threads", "1", "-pix_fmt", "yuv420p")
    bare = made_by_ffmpeg(*pictures, *one_slice, path.with_suffix(".h264"))
    pairs = [pair for second in range(seconds) for pair in _pairs(f"{text} {second:02}", rate)]
    bare.write_bytes(_captioned(bare.read_bytes(), pairs, _TRIPLETS // rate))
    heard = _english(seconds) if sound else []
    return made_by_ffmpeg("-r", f"{rate}000/1001", "-i", bare, *heard, "-c:v", "copy", *options.split(), path)


def captions_of(path: Path) -> list[tuple[int, int]]:
    """What each picture carries for the first field, in the order in which they are shown; (0, 0) is nothing at all."""
    with av.open(str(path)) as film:
        return [_first_field(frame) for frame in film.decode(video=0)]


def said(pairs: list[tuple[int, int]]) -> str:
    """The letters among the captions, without the commands."""
    plain = ((one & 0x7F, two & 0x7F) for one, two in pairs)
    return "".join(chr(letter) for pair in plain if pair[0] >= 0x20 for letter in pair if letter)


def _english(seconds: int) -> list[str]:
    return ["-f", "lavfi", "-i", f"sine=d={seconds}", "-c:a", "aac", "-metadata:s:a:0", "language=eng"]


def _first_field(frame: av.VideoFrame) -> tuple[int, int]:
    beside: Any = frame.side_data  # a mapping by type, of which the stubs know nothing
    data = bytes(beside.get(Type.A53_CC, b""))
    triplets = zip(*[iter(data)] * 3, strict=True)
    return next(((one, two) for kind, one, two in triplets if kind & 7 == 4), (0, 0))


def _pairs(text: str, pictures: int) -> list[tuple[int, int]]:
    letters = [ord(letter) for letter in text + " " * (len(text) % 2)]
    words = [_LOAD, _LOAD, _ERASE, _ERASE, _ROW_15, _ROW_15]
    words += [*zip(letters[::2], letters[1::2], strict=True), _SHOW, _SHOW]
    pairs = [(_odd(one), _odd(two)) for one, two in words]
    return [*pairs, *[_NULL] * (pictures - len(pairs))]


def _odd(byte: int) -> int:
    return byte | (0 if byte.bit_count() % 2 else 0x80)


def _captioned(stream: bytes, pairs: list[tuple[int, int]], triplets: int) -> bytes:
    """The bare stream with a message before each picture: every one is a single slice."""
    units: list[bytes] = []
    following = iter(pairs)
    for unit in _units(stream):
        if unit[0] & 31 in (1, 5):
            units.append(_message(next(following), triplets))
        units.append(unit)
    return b"".join(b"\0\0\0\1" + unit for unit in units)


def _units(stream: bytes) -> Iterator[bytes]:
    for unit in stream.split(b"\0\0\1")[1:]:
        yield unit.rstrip(b"\0")


def _message(pair: tuple[int, int], triplets: int) -> bytes:
    """SEI with user data as registered by ITU-T T.35 (H.264, D.1.6; ATSC A/53 part 4, 6.2.3)."""
    fields = bytes([0xFC, *pair, 0xFD, *_NULL]) + bytes([0xFA, 0, 0]) * (triplets - 2)
    data = _A53 + bytes([0xC0 | triplets, 0xFF]) + fields + b"\xff"
    bare = bytes([_T35, len(data)]) + data + b"\x80"
    return bytes([_SEI]) + bare.replace(b"\0\0\0", b"\0\0\3\0")
