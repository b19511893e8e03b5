"""Notifications: the alerts of an account or a call, as version 2010-04-01 shows them."""

from msgspec import field

from octavo.products.comms.codes import CommsRefusal, more_info
from octavo.products.comms.monitor import queries
from octavo.products.comms.monitor.rows import Alert, AlertFilter
from octavo.products.comms.monitor.words import words_of
from octavo.products.comms.sids import is_sid, sid
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params, end_of, first_moment, rfc2822

api = Api("api", "/2010-04-01/Accounts/{account_sid}", style="2010")
LEVELS = {"0": "error", "1": "warning"}
NUMBERS = {level: number for number, level in LEVELS.items()}


class Notifications(Params):
    log: str = ""
    message_date: str = ""
    message_date_before: str = field(name="MessageDate<", default="")
    message_date_after: str = field(name="MessageDate>", default="")

    def wanted(self, resource: str) -> AlertFilter:
        return AlertFilter(
            level=LEVELS.get(self.log, self.log or None),
            since=first_moment("MessageDate", self.message_date or self.message_date_after),
            until=end_of("MessageDate", self.message_date or self.message_date_before),
            resource=resource,
        )


def notification_resource(call: Call, alert: Alert) -> Fields:
    root = f"/2010-04-01/Accounts/{call.account_sid}"
    return {
        "account_sid": call.account_sid,
        "api_version": "2010-04-01",
        "call_sid": alert.resource_sid if is_sid(alert.resource_sid, "CA") else None,
        "date_created": rfc2822(alert.created_at),
        "date_updated": rfc2822(alert.created_at),
        "error_code": str(alert.number),
        "log": NUMBERS.get(alert.level, "1"),
        "message_date": rfc2822(alert.created_at),
        "message_text": alert.text,
        "more_info": more_info(alert.number),
        "request_method": alert.method or None,
        "request_url": alert.url or None,
        "sid": alert.sid,
        "uri": f"{root}/Notifications/{alert.sid}.json",
    }


@api.list("/Notifications", key="notifications")
async def list_notifications(call: Call, params: Notifications) -> Listing:
    """The account's notifications."""
    found = await queries.alerts(call.db, call.account.id, call.page, params.wanted(""))
    return Listing(found, lambda alert: notification_resource(call, alert))


@api.list("/Calls/{call_sid}/Notifications", key="notifications")
async def list_notifications_of_call(call: Call, params: Notifications) -> Listing:
    """The notifications of a call."""
    call_sid = sid("CA", call.id("call_sid", "CA"))
    found = await queries.alerts(call.db, call.account.id, call.page, params.wanted(call_sid))
    return Listing(found, lambda alert: notification_resource(call, alert))


@api.fetch("/Notifications/{notification_sid}")
async def fetch_notification(call: Call) -> Fields:
    """A notification with the request that it is about."""
    alert = await queries.alert(call.db, call.account.id, call.id("notification_sid", "NO"))
    words = words_of(call.ctx.settings, alert)
    return notification_resource(call, alert) | {
        "request_variables": words.variables or None,
        "response_body": words.answer or None,
        "response_headers": None,
    }


@api.fetch("/Calls/{call_sid}/Notifications/{notification_sid}")
async def fetch_notification_of_call(call: Call) -> Fields:
    """The same under its call."""
    shown = await fetch_notification(call)
    if shown["call_sid"] != sid("CA", call.id("call_sid", "CA")):
        raise CommsRefusal(20404, f"The requested resource {call.uri} was not found")
    return shown
