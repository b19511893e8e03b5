"""Messages: sent, listed, stopped, forgotten."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from uuid import UUID

from msgspec import field

from octavo.products.comms.codes import CommsRefusal, text_of
from octavo.products.comms.message import actions, magic, queries
from octavo.products.comms.message.rows import Feedback, Message, NewMessage
from octavo.products.comms.sids import is_sid, read_sid, sid_or_none
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params, rfc2822

api = Api("api", "/2010-04-01/Accounts/{account_sid}/Messages", style="2010")
API_VERSION = "2010-04-01"


class MessageParams(Params):
    to: str = ""
    from_: str = ""
    messaging_service_sid: str = ""
    body: str = ""
    media_url: list[str] = []
    status_callback: str = ""
    validity_period: int | None = None
    schedule_type: str = ""
    send_at: datetime | None = None
    smart_encoded: bool = False
    provide_feedback: bool = False
    application_sid: str = ""
    max_price: float | None = None
    attempt: int | None = None
    force_delivery: bool = False
    content_retention: str = ""
    address_retention: str = ""
    persistent_action: list[str] = []
    shorten_urls: bool = False
    send_as_mms: bool = False
    risk_check: str = ""


class MessageFilter(Params):
    to: str = ""
    from_: str = ""
    date_sent: date | datetime | None = None
    date_sent_before: date | datetime | None = field(name="DateSent<", default=None)
    date_sent_after: date | datetime | None = field(name="DateSent>", default=None)


class MessageChanges(Params):
    body: str | None = None
    status: str | None = None


class FeedbackParams(Params):
    outcome: Literal["confirmed", "unconfirmed"] = "unconfirmed"


def message_resource(message: Message, account_sid: str) -> Fields:
    uri = f"/2010-04-01/Accounts/{account_sid}/Messages/{message.sid}"
    return {
        "body": message.body,
        "num_segments": str(message.num_segments),
        "direction": message.direction,
        "from": message.sender or None,
        "date_updated": rfc2822(message.updated_at),
        "price": None if message.price is None else f"-{message.price / 10_000:.4f}",
        "error_message": None if message.error_code is None else text_of(message.error_code),
        "uri": f"{uri}.json",
        "account_sid": account_sid,
        "num_media": str(len(message.media_urls)),
        "to": message.recipient,
        "date_created": rfc2822(message.created_at),
        "status": message.status,
        "sid": message.sid,
        "date_sent": rfc2822(message.sent_at),
        "messaging_service_sid": sid_or_none("MG", message.service_id),
        "error_code": message.error_code,
        "price_unit": message.currency,
        "api_version": API_VERSION,
        "subresource_uris": {"media": f"{uri}/Media.json", "feedback": f"{uri}/Feedback.json"},
    }


@api.create("", test=True)
async def create_message(call: Call, params: MessageParams) -> Fields:
    """Send a message."""
    if params.schedule_type and params.send_at is None:
        raise CommsRefusal(35111, "SendAt is required with ScheduleType.")
    new = NewMessage(
        to=params.to,
        from_=params.from_,
        service_id=_service(params.messaging_service_sid),
        body=params.body,
        media_urls=tuple(params.media_url),
        status_callback=params.status_callback,
        validity_seconds=params.validity_period,
        send_at=params.send_at,
        smart_encoded=params.smart_encoded,
    )
    if call.is_test:
        return message_resource(magic.sent(call.ctx, call.account, new), call.account_sid)
    message = await actions.create_message(call.ctx, call.account, new)
    # The vendor answers before a sender is chosen: a service's message has none yet.
    return message_resource(message, call.account_sid)


@api.list("", key="messages")
async def list_messages(call: Call, params: MessageFilter) -> Listing:
    """The account's messages."""
    since, before = _span(params)
    found = await queries.messages(
        call.db, call.account.id, call.page, sender=params.from_, recipient=params.to, since=since, before=before
    )
    return Listing(found, lambda message: message_resource(message, call.account_sid))


@api.fetch("/{message_sid}")
async def fetch_message(call: Call) -> Fields:
    """One message."""
    message = await queries.message(call.db, call.account.id, call.id("message_sid", "SM", "MM"))
    return message_resource(message, call.account_sid)


@api.update("/{message_sid}")
async def update_message(call: Call, params: MessageChanges) -> Fields:
    """Cancel a message that has not gone, or forget the text of one that has."""
    message_id = call.id("message_sid", "SM", "MM")
    if params.status is not None:
        if params.status != "canceled":
            raise CommsRefusal(20001, "Status can only become canceled.")
        return message_resource(await actions.cancel_message(call.ctx, call.account, message_id), call.account_sid)
    if params.body != "":
        raise CommsRefusal(20001, "Only an empty Body, which forgets the text, is accepted.")
    return message_resource(await actions.redact_message(call.ctx, call.account, message_id), call.account_sid)


@api.delete("/{message_sid}")
async def delete_message(call: Call) -> None:
    """Forget a message."""
    await actions.delete_message(call.ctx, call.account, call.id("message_sid", "SM", "MM"))


def feedback_resource(feedback: Feedback, message_sid: str, account_sid: str) -> Fields:
    return {
        "account_sid": account_sid,
        "message_sid": message_sid,
        "outcome": feedback.outcome,
        "date_created": rfc2822(feedback.created_at),
        "date_updated": rfc2822(feedback.updated_at),
        "uri": f"/2010-04-01/Accounts/{account_sid}/Messages/{message_sid}/Feedback.json",
    }


@api.create("/{message_sid}/Feedback")
async def give_feedback(call: Call, params: FeedbackParams) -> Fields:
    """Tell whether a message did what it was for."""
    kept = await actions.keep_feedback(call.ctx, call.account, call.id("message_sid", "SM", "MM"), params.outcome)
    return feedback_resource(kept, call.path["message_sid"], call.account_sid)


def _service(text: str) -> UUID | None:
    if not text:
        return None
    if not is_sid(text, "MG"):
        raise CommsRefusal(21701, f"The Messaging Service {text[:40]} does not exist.")
    return read_sid(text, "MG")


def _span(params: MessageFilter) -> tuple[datetime | None, datetime | None]:
    """From when to when, in days as the vendor counts them: both ends of `DateSent>` and `DateSent<` are included."""
    if params.date_sent is not None:
        day = _start(params.date_sent)
        return day, day + timedelta(days=1)
    since = _start(params.date_sent_after) if params.date_sent_after is not None else None
    before = _start(params.date_sent_before) + timedelta(days=1) if params.date_sent_before is not None else None
    return since, before


def _start(day: date | datetime) -> datetime:
    if isinstance(day, datetime):
        return day if day.tzinfo else day.replace(tzinfo=UTC)
    return datetime.combine(day, time(), UTC)
