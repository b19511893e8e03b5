"""The bytes of a subtitle file as text: UTF-8, UTF-16 or, as old editors write it, Windows-1252."""

import codecs

from octavo.kernel.media.subtitles.rules import BadSubtitles

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LOOKED_AT = 256  # bytes


def decoded(content: bytes) -> str:
    """Lines end in "\\n" whatever they ended in. Raises BadSubtitles at the first line that is no text."""
    mark, encoding = _encoding(content)
    try:
        text = content[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        before = content[len(mark) : len(mark) + error.start].decode(encoding, "replace")
        raise BadSubtitles(_lines(before), "this is no text in UTF-8, UTF-16 or Windows-1252.") from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise BadSubtitles(_lines(text.partition("\0")[0]), "this is no text. Is it a subtitle file at all?")
    return text


def _encoding(content: bytes) -> tuple[bytes, str]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return mark, encoding
    head = content[:_LOOKED_AT]
    # Numbers, times and line ends are ASCII in every subtitle file: without a mark, their zero bytes tell UTF-16.
    if head[1::2].count(0) > len(head) // 4:
        return b"", "utf-16-le"
    if head[0::2].count(0) > len(head) // 4:
        return b"", "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return b"", "cp1252"
    return b"", "utf-8"


def _lines(text: str) -> int:
    return text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
