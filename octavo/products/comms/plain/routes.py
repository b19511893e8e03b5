"""The paths: `/messaging/...` for an account's messages, `/users` and `/messages` for those between people."""

from typing import Any

from octavo.kernel.article import ArticleRefusal, Fields, fields_of, person
from octavo.kernel.context import Context
from octavo.kernel.http import Limit, Request, Router, granted
from octavo.kernel.identity import NoSuchUser, user_names
from octavo.kernel.refusals import Conflict, Forbidden, Invalid
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.message.actions import create_message
from octavo.products.comms.message.bodies import opened
from octavo.products.comms.message.queries import message as find_message
from octavo.products.comms.message.rows import Message, NewMessage
from octavo.products.comms.plain import actions
from octavo.products.comms.plain.callers import account_of
from octavo.products.comms.plain.queries import user_of
from octavo.products.comms.sids import read_sid
from octavo.products.comms.user_message.actions import send_user_message
from octavo.products.comms.user_message.queries import messages_of
from octavo.products.comms.user_message.rules import ContentInvalid

api = Router("", product="comms")
key = granted("a key", "the handler looks up whose key the call carries")
anyone = granted("anyone", "people register themselves")
REGISTRATION_LIMIT = Limit("registration", 100, per=3600, by="address")


@api.post(
    "/messaging/messages", access=key, status=201, idempotent=True, summary="Send an SMS message", documented=False
)
async def send_message(ctx: Context, request: Request) -> dict[str, Any]:
    return await _send(ctx, request, await fields_of(ctx, request))


@api.post(
    "/messaging/messages/mms", access=key, status=201, idempotent=True, summary="Send an MMS message", documented=False
)
async def send_mms(ctx: Context, request: Request) -> dict[str, Any]:
    fields = await fields_of(ctx, request)
    media = fields.texts("media_url")
    if not media:
        raise ArticleRefusal(400, {"error": "media_url is required"})
    return await _send(ctx, request, fields, media)


@api.get("/messaging/messages/{message_id}", access=key, summary="A message and its status", documented=False)
async def read_message(ctx: Context, request: Request, message_id: str) -> dict[str, Any]:
    account = await account_of(ctx, request)
    try:
        found = await find_message(ctx.db.main, account.id, read_sid(message_id, "SM", "MM"))
    except CommsRefusal:
        raise ArticleRefusal(404, {"message": "Message not found"}) from None
    return _shown(await opened(ctx.engines, found))


@api.post("/users", access=anyone, status=201, limit=REGISTRATION_LIMIT, summary="Register a user", documented=False)
async def register_user(ctx: Context, request: Request) -> dict[str, str]:
    fields = await fields_of(ctx, request)
    username, password = fields.text("username"), fields.text("password")
    try:
        await actions.register_user(ctx, fields.text("user_id"), username=username, password=password)
    except Forbidden as refusal:
        raise ArticleRefusal(403, {"error": refusal.detail}) from None
    except (Conflict, Invalid) as refusal:
        reasons = dict(refusal.fields) or {"": refusal.detail}
        raise ArticleRefusal(400, {"error": "Invalid user data", "reasons": reasons}) from None
    return {"message": "User registered successfully"}


@api.post("/messages", access=key, idempotent=True, summary="Send a message to another user", documented=False)
async def send_to_user(ctx: Context, request: Request) -> dict[str, str]:
    ctx, fields = await person(ctx, request), await fields_of(ctx, request)
    sender, receiver = (
        await user_of(ctx.db, fields.text("sender_id")),
        await user_of(ctx.db, fields.text("receiver_id")),
    )
    if not all(fields.text(name) for name in ("sender_id", "receiver_id", "content")):
        raise ArticleRefusal(400, {"error": "Invalid message data"})
    # Nobody sends in the name of others.
    if receiver is None or sender != ctx.actor.user_id:
        raise ArticleRefusal(404, {"error": "Invalid sender or receiver"})
    try:
        message_id = await send_user_message(ctx, receiver, fields.text("content"))
    except ContentInvalid:
        raise ArticleRefusal(400, {"error": "Invalid message data"}) from None
    except NoSuchUser:
        raise ArticleRefusal(404, {"error": "Invalid sender or receiver"}) from None
    return {"message": "Message sent successfully", "message_id": str(message_id)}


@api.get("/users/{user_id}/messages", access=key, summary="What a user sent and received", documented=False)
async def list_messages(ctx: Context, request: Request, user_id: str) -> dict[str, list[dict[str, str]]]:
    ctx = await person(ctx, request)
    found = await user_of(ctx.db, user_id)
    if found is None or found != ctx.actor.user_id:
        raise ArticleRefusal(404, {"error": "User not found"})
    messages = await messages_of(ctx.db.main, found)
    names = await user_names(ctx.db.user, [end for one in messages for end in (one.sender_id, one.receiver_id)])
    return {
        "messages": [
            {
                "message_id": str(one.id),
                "sender": names.get(one.sender_id, ""),
                "receiver": names.get(one.receiver_id, ""),
                "content": one.content,
                "timestamp": one.sent_at.isoformat(),
            }
            for one in messages
        ]
    }


async def _send(ctx: Context, request: Request, fields: Fields, media: list[str] | None = None) -> dict[str, Any]:
    account = await account_of(ctx, request)
    new = NewMessage(
        to=fields.text("to"), from_=fields.text("from"), body=fields.text("body") or None, media_urls=media or []
    )
    return _shown(await create_message(ctx, account, new))


def _shown(message: Message) -> dict[str, Any]:
    return {
        "id": message.sid,
        "from": message.sender,
        "to": message.recipient,
        "body": message.body,
        "status": message.status,
        "media_url": message.media_urls,
        "error_code": message.error_code,
        "created_at": message.created_at,
    }
