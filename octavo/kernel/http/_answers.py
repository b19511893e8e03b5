"""What a handler may return besides plain values: pages, redirects, files, event streams."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol

import msgspec


@dataclass(frozen=True, slots=True)
class View:
    """A page: the template's path and its data."""

    template: str
    data: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Redirect:
    """See another page. 303 turns a POST into a GET, so that reloading does not post again."""

    path: str
    status: int = 303


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie that scripts cannot read and other sites' forms do not send; `max_age=0` deletes it."""

    name: str
    value: str
    max_age: int | None = None
    path: str = "/"
    same_site: Literal["Lax", "Strict"] = "Lax"


@dataclass(frozen=True, slots=True)
class Answer:
    """Any other answer with a status, headers or cookies of its own; the route's `returns=` documents what it holds."""

    value: Any = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Sequence[Cookie] = ()


class RangeReader(Protocol):
    """Bytes that are not a local file, such as an object in a remote store."""

    size: int
    etag: str

    async def read(self, start: int, length: int) -> bytes | bytearray: ...


@dataclass(frozen=True, slots=True)
class FileRange:
    """A file, or the part of it that the request's Range asks for.

    `etag` (without quotes) defaults to the file's size and time; `immutable` lets everyone keep it for a year.
    `headers` come on top, and may replace `Cache-Control`. For `same_for` seconds whoever asks for this very address
    may be given the same file without the handler being asked.
    """

    source: Path | RangeReader
    content_type: str = "application/octet-stream"
    etag: str = ""
    immutable: bool = False
    download_as: str = ""
    modified: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    same_for: float = 0.0


class ServerEvent(msgspec.Struct, frozen=True):
    """One server-sent event; data that is not text is sent as JSON."""

    data: Any
    event: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class EventStream:
    """Server-sent events for as long as the iterator gives any, the reader stays and the server runs."""

    events: AsyncIterator[ServerEvent]
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bytes:
    """A body of a given type, whole: a playlist, a picture, a CSV."""

    body: bytes
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)
