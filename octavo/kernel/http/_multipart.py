"""A multipart form as it arrives: parts one after the other, file contents never held in memory (RFC 7578)."""

from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from octavo.kernel.http._body import BodyStream
from octavo.kernel.refusals import BadRequest, TooLarge

MOST_TEXT = 256 * 1024


@dataclass(frozen=True, slots=True)
class _Start:
    headers: dict[bytes, bytes]


class _End:
    pass


class MultipartParts:
    """The parts of a form, in order. Take each part's content before asking for the next; what is left is skipped."""

    def __init__(self, body: BodyStream, content_type: str) -> None:
        _, options = parse_options_header(content_type)
        boundary = options.get(b"boundary")
        if not boundary:
            raise BadRequest("The form has no multipart boundary.")
        self.length = body.length  # of the whole form, boundaries included, where the client has told it
        self._chunks = aiter(body)
        self._found: deque[_Start | bytes | _End] = deque()
        self._headers: dict[bytes, bytes] = {}
        self._complete = False
        self._name = bytearray()
        self._value = bytearray()
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda data, start, end: self._name.extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
                "on_header_end": self._end_header,
                "on_headers_finished": lambda: self._found.append(_Start(self._headers)),
                "on_part_data": lambda data, start, end: self._found.append(data[start:end]),
                "on_part_end": lambda: self._found.append(_End()),
                "on_end": self._finish,
            },
        )

    async def __aiter__(self) -> "AsyncIterator[Part]":
        """Raises BadRequest where the body is not a well-formed multipart form."""
        while (found := await self._next()) is not None:
            if isinstance(found, _Start):
                yield Part(self, found.headers)

    async def _content(self) -> AsyncIterator[bytes]:
        while isinstance(found := await self._next(), bytes):
            yield found

    async def _next(self) -> "_Start | bytes | _End | None":
        while not self._found:
            chunk = await anext(self._chunks, None)
            try:
                if chunk is None:
                    if not self._complete:
                        raise BadRequest("The form ends too early.")
                    return None
                self._parser.write(chunk)
            except FormParserError as error:
                raise BadRequest("The multipart form is malformed.") from error
        return self._found.popleft()

    def _finish(self) -> None:
        self._complete = True

    def _begin(self) -> None:
        self._headers = {}

    def _end_header(self) -> None:
        self._headers[bytes(self._name).lower()] = bytes(self._value)
        self._name.clear()
        self._value.clear()


class Part:
    """One field. `filename` is what the client says: a label to show, never a path to use."""

    def __init__(self, parts: MultipartParts, headers: dict[bytes, bytes]) -> None:
        _, options = parse_options_header(headers.get(b"content-disposition", b""))
        name = options.get(b"name")
        if name is None:
            raise BadRequest("A field of the form has no name.")
        self.name = name.decode("utf-8", "replace")
        filename = options.get(b"filename")
        self.filename = filename.decode("utf-8", "replace") if filename is not None else None
        self.content_type = headers.get(b"content-type", b"").decode("latin-1")
        self._content = parts._content()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._content

    async def content(self, most: int, refusal: str) -> bytes:
        """The whole of a field or a small file. Raises TooLarge, with the `refusal`, past `most` bytes."""
        content = bytearray()
        async for chunk in self._content:
            content += chunk
            if len(content) > most:
                raise TooLarge(refusal)
        return bytes(content)

    async def text(self) -> str:
        """The whole of a text field. Raises TooLarge past 256 KiB."""
        content = await self.content(MOST_TEXT, f"The field {self.name} is too long.")
        try:
            return content.decode()
        except UnicodeDecodeError as error:
            raise BadRequest(f"The field {self.name} is not text.") from error
