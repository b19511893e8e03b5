"""What a request asks for, as ASGI's scope."""

from urllib.parse import unquote

import httptools
from starlette.types import Scope

Headers = list[tuple[bytes, bytes]]
Address = tuple[str, int | None] | None
ASGI = {"version": "3.0", "spec_version": "2.3"}


def scope_of(
    parser: "httptools.HttpRequestParser", target: bytes, headers: Headers, server: Address, client: Address
) -> Scope:
    """Raises HttpParserInvalidURLError."""
    url = httptools.parse_url(target)
    path = url.path.decode("ascii")
    return {
        "type": "http",
        "asgi": ASGI,
        "http_version": parser.get_http_version(),
        "method": parser.get_method().decode("ascii"),
        "scheme": "http",
        "path": unquote(path) if "%" in path else path,
        "raw_path": url.path,
        "query_string": url.query or b"",
        "root_path": "",
        "headers": headers,
        "server": server,
        "client": client,
    }
