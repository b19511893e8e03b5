"""A whole answer in memory, and how it is sent: with an ETag, compressed where that pays, and nothing after 304."""

import re
import zlib
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any
from urllib.parse import quote

import msgspec

from octavo.kernel.http._answers import Bytes, Cookie, Redirect
from octavo.kernel.http._exchange import Exchange

Headers = list[tuple[bytes, bytes]]
JSON_TYPE = (b"content-type", b"application/json")
HTML_TYPE = (b"content-type", b"text/html; charset=utf-8")
# Answers differ by person; a browser may keep one, but asks whether it still holds.
PRIVATE = (b"cache-control", b"private, no-cache")
SMALLEST_COMPRESSED = 1024
_COMPRESSED = (
    b"text/",
    b"application/json",
    b"application/problem+json",
    b"image/svg",
    b"application/vnd.apple",
    b"application/dash",
)
# What RFC 3986 lets stand in an address; everything else, line ends above all, is written in percent.
_OF_AN_ADDRESS = "%/:?#[]@!$&'()*+,;=~"
_encoder = msgspec.json.Encoder()


@dataclass(slots=True)
class Prepared:
    status: int
    headers: Headers
    body: bytes


def json_answer(value: Any, status: int) -> Prepared:
    return Prepared(status, [JSON_TYPE, PRIVATE], _encoder.encode(value))


def html_answer(text: str, status: int) -> Prepared:
    return Prepared(status, [HTML_TYPE, PRIVATE], text.encode())


def empty_answer(status: int = 204) -> Prepared:
    return Prepared(status, [], b"")


def redirect_answer(redirect: Redirect) -> Prepared:
    location = quote(redirect.path, safe=_OF_AN_ADDRESS).encode()
    return Prepared(redirect.status, [(b"location", location), (b"cache-control", b"no-store")], b"")


def bytes_answer(answer: Bytes, status: int) -> Prepared:
    prepared = Prepared(status, [(b"content-type", answer.content_type.encode()), PRIVATE], answer.body)
    replace_headers(prepared.headers, encode_headers(answer.headers))
    return prepared


def encode_headers(headers: Any) -> Headers:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


def encode_cookie(cookie: Cookie, *, secure: bool) -> tuple[bytes, bytes]:
    parts = [f"{cookie.name}={cookie.value}", f"Path={cookie.path}", "HttpOnly", f"SameSite={cookie.same_site}"]
    if cookie.max_age is not None:
        parts.append(f"Max-Age={cookie.max_age}")
    if secure:
        parts.append("Secure")
    return b"set-cookie", "; ".join(parts).encode("latin-1")


def replace_headers(headers: Headers, others: Headers) -> None:
    """The others win over headers of the same name, except cookies, which add up."""
    if others:
        names = {name for name, _ in others if name != b"set-cookie"}
        headers[:] = [header for header in headers if header[0] not in names] + others


async def send_prepared(exchange: Exchange, prepared: Prepared) -> None:
    headers, body, status = prepared.headers, prepared.body, prepared.status
    if status == 200 and exchange.method in ("GET", "HEAD"):
        etag = _find(headers, b"etag")
        if etag is None:
            # Weak, because a compressed body has the same one.
            etag = b'W/"%s"' % blake2b(body, digest_size=12).hexdigest().encode()
            headers.append((b"etag", etag))
        if matches(exchange.header(b"if-none-match"), etag):
            kept = [header for header in headers if not header[0].startswith(b"content-")]
            await exchange.whole(304, kept)
            return
    if len(body) >= SMALLEST_COMPRESSED and _find(headers, b"content-encoding") is None and _is_text(headers):
        headers.append((b"vary", b"Accept-Encoding"))
        if accepts(exchange.header(b"accept-encoding"), b"gzip"):
            body = zlib.compress(body, 1, wbits=31)
            headers.append((b"content-encoding", b"gzip"))
    if status not in (204, 304):
        headers.append((b"content-length", b"%d" % len(body)))
    await exchange.whole(status, headers, b"" if exchange.method == "HEAD" else body)


def accepts(accept_encoding: bytes, coding: bytes) -> bool:
    """Whether the client can undo `coding`; `q=0` says that it does not want to."""
    return coding in accept_encoding and not (
        b"q=0" in accept_encoding and re.search(coding + rb"\s*;\s*q=0(\.0*)?\s*(,|$)", accept_encoding)
    )


def matches(wanted: bytes, etag: bytes) -> bool:
    """Whether If-None-Match names the ETag; weak comparison (RFC 9110 section 13.1.2)."""
    if not wanted:
        return False
    bare = etag.removeprefix(b"W/")
    return wanted.strip() == b"*" or any(item.strip().removeprefix(b"W/") == bare for item in wanted.split(b","))


def _find(headers: Headers, name: bytes) -> bytes | None:
    for key, value in headers:
        if key == name:
            return value
    return None


def _is_text(headers: Headers) -> bool:
    return (_find(headers, b"content-type") or b"").startswith(_COMPRESSED)
