"""The dialect itself, and how it words a refusal."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from octavo.kernel.http import Dialect, Route
from octavo.kernel.refusals import Refusal, TooMany

NAME = "article"


class ArticleRefusal(Refusal):
    """A refusal whose body the contract gives to the letter: fields, or a plain sentence."""

    title = "That cannot be done"

    def __init__(self, status: int, body: Mapping[str, Any] | str) -> None:
        super().__init__(body if isinstance(body, str) else next(map(str, body.values())))
        self.status, self.body = status, body


def dialect(routes: Sequence[Route]) -> Dialect:
    """A product's share of the dialect."""
    return Dialect(name=NAME, routes=routes, render_refusal=render_refusal)


def render_refusal(refusal: Refusal) -> tuple[int, dict[str, str], bytes]:
    """`{"error": ...}`, where the contract says nothing else."""
    body = refusal.body if isinstance(refusal, ArticleRefusal) else {"error": refusal.detail, **refusal.extra}
    headers = {"Cache-Control": "no-store"}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="octavo"'
    if isinstance(refusal, TooMany):
        headers["Retry-After"] = str(refusal.retry_after)
    if isinstance(body, str):
        return refusal.status, headers | {"Content-Type": "text/plain; charset=utf-8"}, body.encode()
    return refusal.status, headers | {"Content-Type": "application/json"}, msgspec.json.encode(body)
