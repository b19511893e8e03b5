"""Refusals as answers: problem+json for the API (RFC 9457), a page for people."""

import html
import logging
from typing import TYPE_CHECKING, Any

import msgspec

from octavo.kernel.http._limits import LimitReached
from octavo.kernel.http._prepared import Prepared
from octavo.kernel.http._request import Request
from octavo.kernel.refusals import Refusal, TooMany, Unauthenticated

if TYPE_CHECKING:
    from octavo.kernel.context import Context

log = logging.getLogger("octavo.http")
PROBLEM_TYPE = b"application/problem+json"


class MethodNotAllowed(Refusal):
    status, title = 405, "That cannot be done here"

    def __init__(self, allow: str) -> None:
        super().__init__(f"This address answers {allow}.")
        self.allow = allow


class CrossSite(Refusal):
    """Another site made the browser send this."""

    status, title = 403, "This request came from another site"


class Broken(Refusal):
    """An error of ours. The log holds the reason under the request's id."""

    status, title = 500, "Something went wrong on our side"


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was refused and why (RFC 9457). `fields` holds one sentence per wrong field of the request."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    fields: dict[str, str] = {}


def problem(refusal: Refusal, request_id: str) -> dict[str, Any]:
    document: dict[str, Any] = {
        "type": f"/problems/{refusal.code}",
        "title": refusal.title,
        "status": refusal.status,
        "detail": refusal.detail,
        "request_id": request_id,
    }
    if refusal.fields:
        document["fields"] = refusal.fields
    return {**refusal.extra, **document}


def refusal_headers(refusal: Refusal) -> list[tuple[bytes, bytes]]:
    if isinstance(refusal, LimitReached):
        return [(b"retry-after", b"%d" % refusal.retry_after), *refusal.headers]
    if isinstance(refusal, TooMany):
        return [(b"retry-after", b"%d" % refusal.retry_after)]
    if isinstance(refusal, MethodNotAllowed):
        return [(b"allow", refusal.allow.encode())]
    if isinstance(refusal, Unauthenticated):
        return [(b"www-authenticate", b'Bearer realm="octavo"')]
    if refusal.status == 503:
        return [(b"retry-after", b"5")]
    return []


def problem_answer(refusal: Refusal, request_id: str) -> Prepared:
    body = msgspec.json.encode(problem(refusal, request_id), enc_hook=str)
    headers = [(b"content-type", PROBLEM_TYPE), (b"cache-control", b"no-store"), *refusal_headers(refusal)]
    return Prepared(refusal.status, headers, body)


def page_answer(refusal: Refusal, request: Request, ctx: "Context") -> Prepared:
    """The refusal page; should the page itself fail, a plain one, because an error must never hide the first."""
    try:
        text = request.site.render("ui/refusal.html", {"refusal": refusal, "path": request.path}, ctx)
    except Exception:
        log.exception("the refusal page could not be rendered (request %s)", ctx.request_id)
        text = _plain_page(refusal, ctx.request_id)
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"cache-control", b"no-store"),
        *(header for header in refusal_headers(refusal) if header[0] != b"www-authenticate"),
    ]
    return Prepared(refusal.status, headers, text.encode())


def _plain_page(refusal: Refusal, request_id: str) -> str:
    title, detail = html.escape(refusal.title), html.escape(refusal.detail)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<h1>{title}</h1><p>{detail}</p><p>Request {html.escape(request_id)}</p></html>"
    )
