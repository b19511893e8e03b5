"""Reading a request's body within its limit: whole, as it arrives, or as form fields."""

from collections.abc import AsyncIterator
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope

from octavo.kernel.refusals import BadRequest, TooLarge


class ClientGone(Exception):
    """The client closed the connection before its request was complete; there is nobody to answer."""


class BodyStream:
    """The body's chunks as they arrive. `length` is what the client announced, if it did."""

    def __init__(self, scope: Scope, receive: Receive, limit: int | None) -> None:
        self.length = announced_length(scope)
        self._receive = receive
        self._limit = limit
        if limit is not None and self.length is not None and self.length > limit:
            raise _too_large(limit)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Raises TooLarge past the limit, and ClientGone when the connection closes early."""
        seen = 0
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            chunk: bytes = message.get("body", b"")
            seen += len(chunk)
            if self._limit is not None and seen > self._limit:
                raise _too_large(self._limit)
            if chunk:
                yield chunk
            if not message.get("more_body", False):
                return

    async def read(self) -> bytes:
        return b"".join([chunk async for chunk in self])


def announced_length(scope: Scope) -> int | None:
    for name, value in scope["headers"]:
        if name == b"content-length":
            if not value.isdigit():
                raise BadRequest("Content-Length is not a number.")
            return int(value)
    return None


def content_type(scope: Scope) -> tuple[str, str]:
    """The media type in lower case, and the whole header."""
    for name, value in scope["headers"]:
        if name == b"content-type":
            text = value.decode("latin-1")
            return text.partition(";")[0].strip().lower(), text
    return "", ""


def parse_pairs(text: bytes) -> list[tuple[str, str]]:
    """The pairs of a query string or an urlencoded form, in order, blanks included."""
    if not text:
        return []
    try:
        return parse_qsl(text.decode(), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError as error:  # UnicodeDecodeError is one, too many fields another
        raise BadRequest("The fields are not properly encoded.") from error


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"At most {limit:,} bytes are accepted here; nothing was stored.")
