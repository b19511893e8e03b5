"""Alerts: the debugger."""

from octavo.products.comms.codes import more_info
from octavo.products.comms.monitor import queries
from octavo.products.comms.monitor.rows import Alert, AlertFilter
from octavo.products.comms.monitor.words import words_of
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params, end_of, first_moment, iso

api = Api("monitor", "/v1/Alerts", style="v1")


class Alerts(Params):
    log_level: str | None = None
    start_date: str = ""
    end_date: str = ""


def alert_resource(call: Call, alert: Alert) -> Fields:
    return {
        "account_sid": call.account_sid,
        "alert_text": alert.text,
        "api_version": "2010-04-01",
        "date_created": iso(alert.created_at),
        "date_generated": iso(alert.created_at),
        "date_updated": iso(alert.created_at),
        "error_code": str(alert.number),
        "log_level": alert.level,
        "more_info": more_info(alert.number),
        "request_method": alert.method or None,
        "request_url": alert.url or None,
        "resource_sid": alert.resource_sid or None,
        "service_sid": alert.service_sid or None,
        "sid": alert.sid,
        "url": f"{call.base}/v1/Alerts/{alert.sid}",
    }


@api.list("", key="alerts")
async def list_alerts(call: Call, params: Alerts) -> Listing:
    """The account's alerts."""
    wanted = AlertFilter(
        level=params.log_level or None,
        since=first_moment("StartDate", params.start_date),
        until=end_of("EndDate", params.end_date),
    )
    found = await queries.alerts(call.db, call.account.id, call.page, wanted)
    return Listing(found, lambda alert: alert_resource(call, alert))


@api.fetch("/{alert_sid}")
async def fetch_alert(call: Call) -> Fields:
    """An alert with the request that it is about."""
    alert = await queries.alert(call.db, call.account.id, call.id("alert_sid", "NO"))
    words = words_of(call.ctx.settings, alert)
    return alert_resource(call, alert) | {
        "request_headers": None,
        "request_variables": words.variables or None,
        "response_body": words.answer or None,
        "response_headers": None,
    }
