"""A server that holds one file, and breaks off, forgets ranges or changes the file as a test wants it."""

from dataclasses import dataclass, field

from aiohttp import web

from tests.harness.receiver import Received, Receiver

PATH = "/films/Harbour%20at%20dawn.mp4"


@dataclass
class FileServer:
    """`breaks` holds after how many bytes of each answer in turn the line breaks; then it holds."""

    content: bytes
    etag: str = '"one"'
    knows_ranges: bool = True
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "video/mp4"})
    breaks: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def on(self, receiver: Receiver) -> str:
        """Its address."""
        receiver.answers["/films/Harbour at dawn.mp4"] = self.answer
        return receiver.url + PATH

    def answer(self, received: Received) -> web.StreamResponse:
        wanted = received.headers.get("range", "")
        self.asked.append(wanted)
        start = 0
        if wanted and self.knows_ranges and received.headers.get("if-range", self.etag) == self.etag:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        body = self.content[start:]
        headers = {**self.headers, "ETag": self.etag, "Content-Length": str(len(body))}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(self.content) - 1}/{len(self.content)}"
        return _Breaking(body, 206 if start else 200, headers, self.breaks.pop(0) if self.breaks else None)


class _Breaking(web.Response):
    def __init__(self, body: bytes, status: int, headers: dict[str, str], breaks_after: int | None) -> None:
        super().__init__(body=body, status=status, headers=headers)
        self._breaks_after = breaks_after
        self._content = body

    async def write_eof(self, data: bytes = b"") -> None:
        if self._breaks_after is None:
            await super().write_eof(data)
            return
        assert self._payload_writer is not None
        assert self._req is not None
        await self._payload_writer.write(self._content[: self._breaks_after])
        assert self._req.transport is not None
        self._req.transport.close()
