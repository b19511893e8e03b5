"""Takes the encryption off a file of ours again, for what draws pictures of it: the samples come out as they were."""

import struct
from pathlib import Path

from octavo.kernel.media.packaging.boxes import Box, BrokenBoxes, boxes_in, boxes_of_file, child
from octavo.kernel.media.packaging.description import Description, describe
from octavo.kernel.media.packaging.encryption import IV_BYTES, Part, counter_mode
from octavo.kernel.media.packaging.fragments import fragments_of, read_init, sample_sizes
from octavo.kernel.media.packaging.protection import clear_init
from octavo.kernel.media.packaging.rows import ContentKey

_OF_ENCRYPTION = ("saiz", "saio", "senc")
_HAS_SUBSAMPLES = 2


def decrypt_fragments(path: Path, out: Path, key: ContentKey) -> None:
    """Writes a file of the same length, in which boxes that spoke of the encryption are empty."""
    with path.open("rb") as file, out.open("wb") as written:
        layout = list(boxes_of_file(file))
        init = read_init(file, layout)
        description = describe(init)
        written.write(clear_init(init))
        for moof, mdat in fragments_of(layout):
            file.seek(moof.start)
            header = bytearray(file.read(moof.size))
            content = bytearray(file.read(mdat.size))
            _decrypt(header, memoryview(content)[mdat.body - mdat.start :], description, key)
            written.write(header)
            written.write(content)


def _decrypt(header: bytearray, samples: memoryview, description: Description, key: ContentKey) -> None:
    track = child(header, "moof/traf")
    at, vectors = 0, _vectors(header, child(header, "senc", track.body, track.end))
    for size, (vector, parts) in zip(sample_sizes(bytes(header), description), vectors, strict=True):
        decryptor = counter_mode(key, vector).decryptor()
        end = at + size
        for part in parts or [Part(0, size)]:
            at += part.clear
            samples[at : at + part.encrypted] = decryptor.update(bytes(samples[at : at + part.encrypted]))
            at += part.encrypted
        if at != end:
            raise BrokenBoxes("the parts of a sample do not fill it")
    for box in list(boxes_in(header, track.body, track.end)):
        if box.kind in _OF_ENCRYPTION:
            header[box.start + 4 : box.start + 8] = b"free"


def _vectors(header: bytearray, senc: Box) -> list[tuple[bytes, list[Part]]]:
    flags, count = struct.unpack_from(">II", header, senc.body)
    at, found = senc.body + 8, []
    for _ in range(count):
        vector, parts = bytes(header[at : at + IV_BYTES]), []
        at += IV_BYTES
        if flags & _HAS_SUBSAMPLES:
            number = struct.unpack_from(">H", header, at)[0]
            parts = [Part(*struct.unpack_from(">HI", header, at + 2 + 6 * n)) for n in range(number)]
            at += 2 + 6 * number
        found.append((vector, parts))
    return found
