"""Files and their ranges (RFC 9110 section 14), read on the event loop while they are in the page cache."""

import asyncio
import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote

from octavo.kernel.http._answers import FileRange, RangeReader
from octavo.kernel.http._body import ClientGone
from octavo.kernel.http._exchange import Exchange
from octavo.kernel.http._open_file import OpenFile
from octavo.kernel.http._prepared import Headers, encode_headers, matches, replace_headers
from octavo.kernel.http._sendfile import LEAST

CHUNK = 1024 * 1024
IMMUTABLE = (b"cache-control", b"public, max-age=31536000, immutable")
REVALIDATED = (b"cache-control", b"private, no-cache")
_RANGE = re.compile(rb"bytes=(\d{0,18})-(\d{0,18})$")
_NOT_PLAIN = re.compile(r"[^ !#-$&-.0-[\]-~]")  # a quote or % would be read as more than a letter


async def send_file(exchange: Exchange, answer: FileRange) -> None:
    """Raises NotFound where the file is gone."""
    if isinstance(answer.source, Path):
        with OpenFile(answer.source) as source:
            await _send(exchange, answer, source, answer.modified or source.modified)
    else:
        await _send(exchange, answer, answer.source, answer.modified)


async def _send(exchange: Exchange, answer: FileRange, source: RangeReader, modified: datetime | None) -> None:
    etag = b'"%s"' % (answer.etag or source.etag).encode()
    headers = _headers_of_file(answer, etag, modified)
    if _unchanged(exchange, etag, modified):
        await exchange.whole(304, headers)
        return
    headers += _headers_of_content(answer)
    start, end, status = 0, source.size, 200
    wanted = exchange.header(b"range")
    if wanted and exchange.method == "GET" and _range_holds(exchange, etag, modified):
        try:
            part = parse_range(wanted, source.size)
        except Unsatisfiable:
            headers.extend([(b"content-range", b"bytes */%d" % source.size), (b"content-length", b"0")])
            await exchange.whole(416, headers)
            return
        if part is not None:
            start, end = part
            status = 206
            headers.append((b"content-range", b"bytes %d-%d/%d" % (start, end - 1, source.size)))
    headers.append((b"content-length", b"%d" % (end - start)))
    if exchange.method == "HEAD":
        end = start
    if end - start >= LEAST and isinstance(source, OpenFile) and exchange.can_send_files:
        await exchange.send_file(status, headers, source, start, end)
        return
    # Read first: what cannot be read is refused, and the bytes are there before the head wakes the client.
    first = await source.read(start, min(end - start, CHUNK)) if end > start else b""
    if end - start <= CHUNK:
        await exchange.whole(status, headers, first)
        return
    await exchange.start(status, headers)
    await exchange.finish(await _send_chunks(exchange, source, first, start, end))


def headers_of_part(answer: FileRange, source: RangeReader, modified: datetime | None) -> Headers:
    """Those of an answer with a part of the file, but for what tells which part it is."""
    etag = b'"%s"' % (answer.etag or source.etag).encode()
    return _headers_of_file(answer, etag, modified) + _headers_of_content(answer)


def _headers_of_file(answer: FileRange, etag: bytes, modified: datetime | None) -> Headers:
    """What even an answer that sends nothing says of the file."""
    headers: Headers = [(b"etag", etag), IMMUTABLE if answer.immutable else REVALIDATED, (b"accept-ranges", b"bytes")]
    if modified is not None:
        headers.append((b"last-modified", _http_date(modified)))
    replace_headers(headers, encode_headers(answer.headers))
    return headers


def _headers_of_content(answer: FileRange) -> Headers:
    headers: Headers = [(b"content-type", answer.content_type.encode("latin-1"))]
    if answer.download_as:
        headers.append((b"content-disposition", _attachment(answer.download_as)))
    return headers


@lru_cache(maxsize=256)
def _http_date(moment: datetime) -> bytes:
    return format_datetime(moment.astimezone(UTC), usegmt=True).encode()


def _attachment(name: str) -> bytes:
    """RFC 6266: the name as it is, and for old clients in the letters that they can read."""
    plain = _NOT_PLAIN.sub("_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}".encode()


Chunk: TypeAlias = bytes | bytearray


async def _send_chunks(exchange: Exchange, source: RangeReader, chunk: Chunk, start: int, end: int) -> Chunk:
    """Sends all but the last chunk, as fast as the client takes them, and gives that one."""
    gone = asyncio.create_task(exchange.disconnected())
    try:
        while end - start > CHUNK:
            if not chunk:
                raise ConnectionAbortedError("the file shrank while it was read")
            await exchange.more(chunk)
            start += len(chunk)
            chunk = await source.read(start, min(end - start, CHUNK))
            if gone.done():
                raise ClientGone
    finally:
        gone.cancel()
    return chunk


class Unsatisfiable(Exception):
    """The range lies beyond the end."""


def parse_range(wanted: bytes, size: int) -> tuple[int, int] | None:
    """Start and end (exclusive). None means the whole: several ranges at once, or a unit that we do not know."""
    match = _RANGE.match(wanted.strip())
    if match is None or (not match[1] and not match[2]):
        return None
    if not match[1]:
        length = int(match[2])
        if length == 0 or size == 0:
            raise Unsatisfiable
        return max(0, size - length), size
    start = int(match[1])
    if start >= size:
        raise Unsatisfiable
    end = min(int(match[2]) + 1, size) if match[2] else size
    return (start, end) if start < end else None


def _range_holds(exchange: Exchange, etag: bytes, modified: datetime | None) -> bool:
    """If-Range: a part is only useful while it belongs to what the client already holds."""
    condition = exchange.header(b"if-range").strip()
    if not condition:
        return True
    if condition.startswith((b'"', b"W/")):
        return condition == etag
    return modified is not None and _parse_date(condition) == modified.replace(microsecond=0)


def _unchanged(exchange: Exchange, etag: bytes, modified: datetime | None) -> bool:
    wanted = exchange.header(b"if-none-match")
    if wanted:
        return matches(wanted, etag)
    since = _parse_date(exchange.header(b"if-modified-since"))
    return since is not None and modified is not None and modified.replace(microsecond=0) <= since


def _parse_date(text: bytes) -> datetime | None:
    """None for what is no date. One without a zone is in UTC, as all dates of HTTP are."""
    try:
        date = parsedate_to_datetime(text.decode("latin-1")) if text else None
    except (ValueError, OverflowError):
        return None
    return date.replace(tzinfo=UTC) if date is not None and date.tzinfo is None else date
