"""Finding alerts and events."""

from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.monitor.rows import Alert, AlertFilter, Event, EventFilter
from octavo.products.comms.paging import Keyset, PageRequest, Slice, page_by_id

ALERT_COLUMNS = ", ".join(Alert.__struct_fields__)
EVENT_COLUMNS = ", ".join(Event.__struct_fields__)

_ALERTS = Keyset(
    f"""
    SELECT {ALERT_COLUMNS} FROM comms.alert
    WHERE account_id = $1 AND ($2::text IS NULL OR level = $2)
      AND ($3::timestamptz IS NULL OR created_at >= $3) AND ($4::timestamptz IS NULL OR created_at < $4)
      AND starts_with(resource_sid, $5)
    """
)
_EVENTS = Keyset(
    f"""
    SELECT {EVENT_COLUMNS} FROM comms.event
    WHERE account_id = $1 AND ($2::text IS NULL OR actor_sid = $2) AND ($3::text IS NULL OR type = $3)
      AND ($4::text IS NULL OR resource_sid = $4)
      AND ($5::timestamptz IS NULL OR created_at >= $5) AND ($6::timestamptz IS NULL OR created_at < $6)
    """
)


async def alerts(db: Queryable, account_id: UUID, page: PageRequest, wanted: AlertFilter) -> Slice[Alert]:
    """An account's alerts, newest first."""
    return await page_by_id(
        db, Alert, _ALERTS, account_id, wanted.level, wanted.since, wanted.until, wanted.resource, page=page
    )


async def alert(db: Queryable, account_id: UUID, alert_id: UUID) -> Alert:
    """Raises CommsRefusal 20404."""
    found = await db.one(
        Alert, f"SELECT {ALERT_COLUMNS} FROM comms.alert WHERE account_id = $1 AND id = $2", account_id, alert_id
    )
    if found is None:
        raise CommsRefusal(20404)
    return found


async def events(db: Queryable, account_id: UUID, page: PageRequest, wanted: EventFilter) -> Slice[Event]:
    """What was changed in an account, newest first."""
    return await page_by_id(
        db,
        Event,
        _EVENTS,
        account_id,
        wanted.actor_sid,
        wanted.type,
        wanted.resource_sid,
        wanted.since,
        wanted.until,
        page=page,
    )


async def event(db: Queryable, account_id: UUID, event_id: UUID) -> Event:
    """Raises CommsRefusal 20404."""
    found = await db.one(
        Event, f"SELECT {EVENT_COLUMNS} FROM comms.event WHERE account_id = $1 AND id = $2", account_id, event_id
    )
    if found is None:
        raise CommsRefusal(20404)
    return found
