"""The addresses that the provider of the HTTP carrier calls."""

import hmac
from typing import Any

import msgspec
from msgspec import Struct

from octavo.kernel.context import Context
from octavo.kernel.http import BodyStream, Bytes, Request, Router, content_type, granted, parse_pairs
from octavo.kernel.refusals import BadRequest, NotFound
from octavo.products.comms.carrier.http.actions import take_message, take_receipt
from octavo.products.comms.carrier.http.drivers import driver_of
from octavo.products.comms.carrier.http.rows import Driver

gateway = Router("/comms/gateway", product="comms")
LARGEST = 256 * 1024
provider = granted("provider", "the address holds a word that only the provider of the HTTP carrier knows")


class ReceiptQuery(Struct, frozen=True):
    reference: str = ""


@gateway.post(
    "/{token}/receipts",
    access=provider,
    documented=False,
    body_limit=LARGEST,
    summary="A receipt of a message",
)
async def receipt(ctx: Context, token: str, query: ReceiptQuery, request: Request, stream: BodyStream) -> Bytes:
    await take_receipt(ctx, _driver(ctx, token), await _content(request, stream), query.reference)
    return Bytes(b"", "text/plain; charset=utf-8")


@gateway.get("/{token}/receipts", access=provider, documented=False, summary="The same, from providers that ask by GET")
async def receipt_by_get(ctx: Context, token: str, query: ReceiptQuery, request: Request) -> Bytes:
    await take_receipt(ctx, _driver(ctx, token), _query(request), query.reference)
    return Bytes(b"", "text/plain; charset=utf-8")


@gateway.post(
    "/{token}/inbound",
    access=provider,
    documented=False,
    body_limit=LARGEST,
    summary="A message that comes in",
)
async def inbound(ctx: Context, token: str, request: Request, stream: BodyStream) -> Bytes:
    await take_message(ctx, _driver(ctx, token), await _content(request, stream))
    return Bytes(b"", "text/plain; charset=utf-8")


@gateway.get("/{token}/inbound", access=provider, documented=False, summary="The same, from providers that ask by GET")
async def inbound_by_get(ctx: Context, token: str, request: Request) -> Bytes:
    await take_message(ctx, _driver(ctx, token), _query(request))
    return Bytes(b"", "text/plain; charset=utf-8")


def _driver(ctx: Context, token: str) -> Driver:
    """Raises NotFound where there is no provider, or the caller is not it."""
    settings = ctx.settings.gateway
    driver = driver_of(settings)
    if driver is None or not settings.token or not hmac.compare_digest(token.encode(), settings.token.encode()):
        raise NotFound
    return driver


def _query(request: Request) -> dict[str, str]:
    return dict(parse_pairs(request.scope["query_string"]))


async def _content(request: Request, stream: BodyStream) -> Any:
    """The form or JSON document. Raises BadRequest."""
    body = await stream.read()
    if content_type(request.scope)[0] != "application/json":
        return dict(parse_pairs(body))
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        raise BadRequest("The body is not JSON.") from None
