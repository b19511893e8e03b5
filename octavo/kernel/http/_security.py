"""What browsers may do with our answers, and which requests they may send us from other sites."""

from urllib.parse import urlsplit

from octavo.kernel.http._refused import CrossSite
from octavo.kernel.http._request import Request

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Players feed the film to the page through blob: addresses, and run their demuxer in a worker made of one.
_PAGE_POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ]
)
_API_POLICY = "default-src 'none'; frame-ancestors 'none'"


def base_headers(*, api: bool, https: bool) -> tuple[tuple[bytes, bytes], ...]:
    """The headers that every answer carries."""
    headers = {
        "content-security-policy": _API_POLICY if api else _PAGE_POLICY,
        "x-content-type-options": "nosniff",
        # Paths may carry a token; other sites never learn them.
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
    if not api:
        headers["permissions-policy"] = "camera=(self), microphone=(self), geolocation=(self), payment=()"
    if https:
        headers["strict-transport-security"] = "max-age=31536000"
    return tuple((name.encode(), value.encode()) for name, value in headers.items())


def refuse_cross_site(request: Request) -> None:
    """A browser says where a request comes from, and scripts cannot forge it; so pages need no token in their forms.

    A bearer token is not sent by browsers on their own and needs no check; the password of a proxy (Basic) is. Raises
    CrossSite.
    """
    if request.bearer_token:
        return
    site = request.header(b"sec-fetch-site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise CrossSite("Open the page on this site and try again; nothing was changed.")
        return
    refuse_foreign_origin(request)


def refuse_foreign_origin(request: Request) -> None:
    """For browsers without Sec-Fetch-Site, and for WebSockets, which other sites may open as well."""
    origin = request.header(b"origin")
    if origin is None:
        return
    host = urlsplit(origin).netloc.lower()
    own = {request.host.lower(), urlsplit(request.public_url).netloc.lower()}
    if host not in own:
        raise CrossSite("Open the page on this site and try again; nothing was changed.")
