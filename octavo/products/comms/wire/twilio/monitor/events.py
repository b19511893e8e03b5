"""Events: who changed what in the account."""

from octavo.products.comms.monitor import queries
from octavo.products.comms.monitor.rows import Event, EventFilter
from octavo.products.comms.paging import Slice
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params, end_of, first_moment, iso

api = Api("monitor", "/v1/Events", style="v1")
# Where the API shows the resources that events are about, by the letters of their SIDs.
PLACES = {
    "AD": "Addresses",
    "AP": "Applications",
    "MM": "Messages",
    "PN": "IncomingPhoneNumbers",
    "SK": "Keys",
    "SM": "Messages",
    "UT": "Usage/Triggers",
}


class Events(Params):
    actor_sid: str | None = None
    event_type: str | None = None
    resource_sid: str | None = None
    source_ip_address: str = ""
    start_date: str = ""
    end_date: str = ""


def event_resource(call: Call, event: Event) -> Fields:
    return {
        "account_sid": call.account_sid,
        # The schema knows the SIDs of people alone; an account is found by its link.
        "actor_sid": event.actor_sid if event.actor_type == "user" else None,
        "actor_type": event.actor_type,
        "description": None,
        "event_data": event.data or None,
        "event_date": iso(event.created_at),
        "event_type": event.type,
        "links": {"actor": _place(call, event.actor_sid), "resource": _place(call, event.resource_sid)},
        "resource_sid": event.resource_sid,
        "resource_type": event.resource_type,
        "sid": event.sid,
        "source": event.source,
        "source_ip_address": None,  # addresses of people are not kept
        "url": f"{call.base}/v1/Events/{event.sid}",
    }


def _place(call: Call, sid: str) -> str | None:
    root = f"{call.base.replace('//monitor.', '//api.', 1)}/2010-04-01/Accounts"
    if sid.startswith("AC"):
        return f"{root}/{sid}"
    place = PLACES.get(sid[:2])
    return f"{root}/{call.account_sid}/{place}/{sid}" if place else None


@api.list("", key="events")
async def list_events(call: Call, params: Events) -> Listing:
    """The account's events. None is known to come from an address: those of people are not kept."""
    if params.source_ip_address:
        return Listing(Slice([]), dict)
    wanted = EventFilter(
        actor_sid=params.actor_sid or None,
        type=params.event_type or None,
        resource_sid=params.resource_sid or None,
        since=first_moment("StartDate", params.start_date),
        until=end_of("EndDate", params.end_date),
    )
    found = await queries.events(call.db, call.account.id, call.page, wanted)
    return Listing(found, lambda event: event_resource(call, event))


@api.fetch("/{event_sid}")
async def fetch_event(call: Call) -> Fields:
    """One event."""
    return event_resource(call, await queries.event(call.db, call.account.id, call.id("event_sid", "AE")))
