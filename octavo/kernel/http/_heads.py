"""The head of an answer as it goes over the wire (RFC 9112 sections 2 to 6)."""

from collections.abc import Iterable
from http import HTTPStatus

Header = tuple[bytes, bytes]
_PHRASES = {status.value: status.phrase for status in HTTPStatus}
STATUS_LINES = {code: f"HTTP/1.1 {code} {_PHRASES.get(code, '')}\r\n".encode() for code in range(100, 600)}
# All of them but the tab, which may stand in a value.
_CONTROLS = bytes(code for code in (*range(32), 127) if code != 9)


class BrokenHead(Exception):
    """A header holds a line end, or another letter that no header may hold."""


def header_lines(headers: Iterable[Header]) -> bytes:
    """Raises BrokenHead: the only control characters are the line ends that are put there on purpose."""
    lines = [b"%b: %b\r\n" % header for header in headers]
    joined = b"".join(lines)
    if len(joined) - len(joined.translate(None, _CONTROLS)) != 2 * len(lines):
        raise BrokenHead
    return joined


class SameLines:
    """The lines of a list of headers that is given again and again, as uvicorn's is for the second of its date."""

    def __init__(self) -> None:
        self._headers: list[Header] = []
        self._lines = b""

    def of(self, headers: list[Header]) -> bytes:
        if headers is not self._headers:
            self._headers, self._lines = headers, header_lines(headers)
        return self._lines


def plain_answer(status: int, text: str, headers: Iterable[Header]) -> bytes:
    """A whole answer after which the connection ends, for when nothing else is there to answer."""
    body = text.encode()
    head = header_lines(
        [
            *headers,
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", b"%d" % len(body)),
            (b"connection", b"close"),
        ]
    )
    return b"".join([STATUS_LINES[status], head, b"\r\n", body])
