"""Which other sites may play films from here: the CORS protocol (https://fetch.spec.whatwg.org/#http-cors-protocol).

The token in the address is the permission. What a browser adds by itself is none, so no answer allows credentials.
"""

from collections.abc import Mapping
from functools import lru_cache

from octavo.kernel.context import Context

EXPOSED = "Accept-Ranges, Content-Length, Content-Range, ETag"
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type, If-None-Match, If-Range, Range, X-Octavo-Device",
    "Access-Control-Max-Age": "86400",
}


def shared_with(ctx: Context, origin: str) -> Mapping[str, str]:
    """What an answer to a page of this origin carries."""
    return _headers(ctx.settings.media.playback_origins, origin)


def preflight(ctx: Context, origin: str) -> Mapping[str, str]:
    """What may be asked from there, which a browser remembers for a day; nothing for sites that may not play."""
    return PREFLIGHT if "Access-Control-Allow-Origin" in shared_with(ctx, origin) else {}


@lru_cache(maxsize=256)
def _headers(allowed: tuple[str, ...], origin: str) -> Mapping[str, str]:
    if not allowed:
        return {}
    # Pictures and films are shown by other sites without asking, as far as this says so.
    headers = {"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Expose-Headers": EXPOSED}
    if "*" in allowed:
        return {**headers, "Access-Control-Allow-Origin": "*"}
    headers["Vary"] = "Origin"
    return {**headers, "Access-Control-Allow-Origin": origin} if origin in allowed else headers
