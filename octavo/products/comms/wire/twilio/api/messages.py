"""Messages: sent, listed, stopped, forgotten."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, field, structs

from octavo.products.comms.codes import CommsRefusal, text_of
from octavo.products.comms.message import actions, magic, queries
from octavo.products.comms.message.bodies import opened
from octavo.products.comms.message.rows import Feedback, Message, NewMessage
from octavo.products.comms.number.rules import is_url
from octavo.products.comms.sids import is_sid, read_sid, sid_or_none
from octavo.products.comms.wire.twilio.core import (
    A_DAY,
    Api,
    Call,
    Fields,
    Listing,
    Params,
    end_of,
    first_moment,
    rfc2822,
)

api = Api("api", "/2010-04-01/Accounts/{account_sid}/Messages", style="2010")
API_VERSION = "2010-04-01"
PATH = f"/{API_VERSION}/Accounts"


SendTime = Annotated[datetime, Meta(tz=True, extra={"code": 35114})]


class MessageParams(Params):
    to: str = ""
    from_: str = ""
    messaging_service_sid: str = ""
    body: str | None = None
    media_url: list[str] = []
    status_callback: str = ""
    validity_period: int | None = None
    schedule_type: str = ""
    send_at: SendTime | None = None
    smart_encoded: bool = False
    application_sid: str = ""
    content_sid: str = ""
    content_variables: str = ""
    content_retention: Literal["retain", "discard"] = "retain"
    address_retention: Literal["retain", "obfuscate"] = "retain"
    send_as_mms: bool = False


class MessageFilter(Params):
    to: str = ""
    from_: str = ""
    date_sent: str = ""
    date_sent_before: str = field(name="DateSent<", default="")
    date_sent_after: str = field(name="DateSent>", default="")


class MessageChanges(Params):
    body: str | None = None
    status: str | None = None


class FeedbackParams(Params):
    outcome: Literal["confirmed", "unconfirmed"] = "unconfirmed"


def message_resource(message: Message, account_sid: str) -> Fields:
    uri = f"{PATH}/{account_sid}/Messages/{message.sid}"
    # The vendor chooses among a service's senders when it queues the message, and does not say whom before.
    is_open = message.service_id is not None and message.status in ("accepted", "scheduled")
    return {
        "account_sid": account_sid,
        "api_version": API_VERSION,
        "body": message.body,
        "date_created": rfc2822(message.created_at),
        "date_sent": rfc2822(message.sent_at),
        "date_updated": rfc2822(message.updated_at),
        "direction": message.direction,
        "error_code": message.error_code,
        "error_message": None if message.error_code is None else text_of(message.error_code),
        "from": None if is_open else message.sender,
        "messaging_service_sid": sid_or_none("MG", message.service_id),
        "num_media": str(message.num_media),
        "num_segments": str(message.num_segments),
        "price": _price(message),
        "price_unit": message.currency,
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{uri}/Media.json", "feedback": f"{uri}/Feedback.json"},
        "to": message.recipient,
        "uri": f"{uri}.json",
    }


@api.create("", test=True)
async def create_message(call: Call, params: MessageParams) -> Fields:
    """Send a message."""
    _check_template(params)
    new = NewMessage(
        to=params.to,
        from_=params.from_,
        service_id=_service(params.messaging_service_sid),
        application_id=_application(params.application_sid),
        body=params.body,
        media_urls=params.media_url,
        status_callback=params.status_callback,
        validity_seconds=params.validity_period,
        send_at=_send_at(params),
        smart_encoded=params.smart_encoded,
        as_mms=params.send_as_mms,
        discards_body=params.content_retention == "discard",
        hides_recipient=params.address_retention == "obfuscate",
    )
    if params.status_callback and not is_url(params.status_callback):
        raise CommsRefusal(21609, f"The StatusCallback URL {params.status_callback:.200} is not a valid URL.")
    if call.is_test:
        return message_resource(magic.sent(call.ctx, call.account, new), call.account_sid)
    return message_resource(await actions.create_message(call.ctx, call.account, new), call.account_sid)


@api.list("", key="messages")
async def list_messages(call: Call, params: MessageFilter) -> Listing:
    """The account's messages."""
    since, before = _span(params)
    found = await queries.messages(
        call.db, call.account.id, call.page, sender=params.from_, recipient=params.to, since=since, before=before
    )
    texts = [await opened(call.ctx.engines, message) for message in found.items]
    return Listing(structs.replace(found, items=texts), lambda message: message_resource(message, call.account_sid))


@api.fetch("/{message_sid}")
async def fetch_message(call: Call) -> Fields:
    """One message."""
    message = await queries.message(call.db, call.account.id, call.id("message_sid", "SM", "MM"))
    return message_resource(await opened(call.ctx.engines, message), call.account_sid)


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


@api.create("/{message_sid}/Feedback", status=200)
async def give_feedback(call: Call, params: FeedbackParams) -> Fields:
    """Tell whether a message did what it was for."""
    kept = await actions.keep_feedback(call.ctx, call.account, call.id("message_sid", "SM", "MM"), params.outcome)
    return feedback_resource(kept, call.path["message_sid"], call.account_sid)


def _check_template(params: MessageParams) -> None:
    """Raises CommsRefusal 21654 or 21655: there are no content templates here, so none can be named."""
    if params.content_sid:
        raise CommsRefusal(21655, f"The ContentSid {params.content_sid[:40]} is invalid: there is no such template.")
    if params.content_variables:
        raise CommsRefusal(21654, "ContentSid is required with ContentVariables.")


def _service(text: str) -> UUID | None:
    if not text:
        return None
    if not is_sid(text, "MG"):
        raise CommsRefusal(21701, f"The Messaging Service {text[:40]} does not exist.")
    return read_sid(text, "MG")


def _application(text: str) -> UUID | None:
    if not text:
        return None
    if not is_sid(text, "AP"):
        raise CommsRefusal(21420, f"ApplicationSid {text[:40]} is not valid.")
    return read_sid(text, "AP")


def _send_at(params: MessageParams) -> datetime | None:
    """Raises CommsRefusal 35111 or 35126 where one of ScheduleType and SendAt is there without the other."""
    if params.schedule_type and params.send_at is None:
        raise CommsRefusal(35111, "SendAt is required with ScheduleType.")
    if params.schedule_type != "fixed" and (params.schedule_type or params.send_at):
        raise CommsRefusal(35126, "ScheduleType must be fixed.")
    return params.send_at


def _price(message: Message) -> str | None:
    """Known once the message has been sent."""
    if message.price is None or message.sent_at is None:
        return None
    return f"{-message.price / 1_000_000:.5f}"


def _span(params: MessageFilter) -> tuple[datetime | None, datetime | None]:
    """From when until before when. A day is meant with all of its hours, and both ends are included.

    The SDKs write the day to look at as a moment on it.
    """
    day = params.date_sent[:A_DAY]
    since, before = params.date_sent_after or day, params.date_sent_before or day
    return first_moment("DateSent", since), end_of("DateSent", before)
