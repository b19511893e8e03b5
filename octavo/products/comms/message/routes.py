"""Our own API of messages: one or a thousand at a time, by the credentials of an account."""

from typing import Annotated

from msgspec import Meta, Struct, field

from octavo.kernel.context import Context
from octavo.kernel.http import Request, Router, granted
from octavo.products.comms.account.authenticate import authenticate
from octavo.products.comms.account.rows import Account
from octavo.products.comms.account.rules import check_open
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.message import actions, queries
from octavo.products.comms.message.acceptance import Verdict
from octavo.products.comms.message.bodies import opened
from octavo.products.comms.message.resource import (
    MessageList,
    MessageResource,
    MessagesToSend,
    MessageToSend,
    TakenList,
    place,
    resource,
    taken,
)
from octavo.products.comms.message.rows import NewMessage
from octavo.products.comms.paging import PageRequest
from octavo.products.comms.sids import read_sid

api = Router("/api/comms/v1", product="comms")
credentials = granted("account credentials", "Basic credentials of an account, or one of its keys, come with the call")
LARGEST_BODY = 16 * 1024 * 1024


class ListMessages(Struct, frozen=True):
    """`from` and `to` keep to messages between these numbers; `after` is the `next` of the page before."""

    from_: str = field(name="from", default="")
    to: str = ""
    after: str = ""
    limit: Annotated[int, Meta(ge=1, le=1000)] = 50


@api.post("/messages", access=credentials, status=201, idempotent=True, summary="Send a message")
async def send_message(ctx: Context, request: Request, body: MessageToSend) -> MessageResource:
    account = await account_of(ctx, request)
    return resource(await actions.create_message(ctx, account, body.as_new()))


@api.post(
    "/messages/bulk",
    access=credentials,
    status=201,
    idempotent=True,
    summary="Send up to 1,000 messages",
    body_limit=LARGEST_BODY,
)
async def send_messages(ctx: Context, request: Request, body: MessagesToSend) -> TakenList:
    """Each is accepted or refused by itself; those that are accepted are kept together."""
    account = await account_of(ctx, request)
    read = [_read(one) for one in body.messages]
    kept = iter(await actions.create_messages(ctx, account, [one for one in read if isinstance(one, NewMessage)]))
    verdicts: list[Verdict] = [next(kept) if isinstance(one, NewMessage) else one for one in read]
    accepted = sum(not isinstance(one, CommsRefusal) for one in verdicts)
    return TakenList(accepted, [taken(one) for one in verdicts])


@api.get("/messages", access=credentials, summary="The messages of an account, newest first")
async def list_messages(ctx: Context, request: Request, query: ListMessages) -> MessageList:
    account = await account_of(ctx, request)
    page = PageRequest(size=query.limit, after=place(query.after))
    found = await queries.messages(ctx.db.main, account.id, page, sender=query.from_, recipient=query.to)
    shown = [resource(await opened(ctx.engines, one)) for one in found.items]
    return MessageList(shown, found.items[-1].sid if found.next else "")


@api.get("/messages/{message_sid}", access=credentials, summary="One message, with every state that it reached")
async def read_message(ctx: Context, request: Request, message_sid: str) -> MessageResource:
    account = await account_of(ctx, request)
    message = await queries.message(ctx.db.main, account.id, read_sid(message_sid, "SM", "MM"))
    return resource(await opened(ctx.engines, message))


async def account_of(ctx: Context, request: Request) -> Account:
    """Raises CommsRefusal 20003, or 20008 for test credentials, which send nothing."""
    caller = await authenticate(ctx, request.headers.get("authorization", ""), request.address)
    if caller.is_test:
        raise CommsRefusal(20008)
    check_open(caller.account)
    return caller.account


def _read(one: MessageToSend) -> NewMessage | CommsRefusal:
    try:
        return one.as_new()
    except CommsRefusal as refusal:
        return refusal
