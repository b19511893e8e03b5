"""Noting when a session was last used: rarely, and beside the request instead of in it."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from octavo.kernel.db import Database
from octavo.kernel.identity.session.rows import Bearer
from octavo.settings import IdentitySettings

log = structlog.get_logger()

# Writes under way, by session. The loop itself keeps no strong reference to a task.
_writing: dict[UUID, asyncio.Task[None]] = {}


def note_seen(db: Database, settings: IdentitySettings, user_id: UUID, bearer: Bearer, now: datetime) -> None:
    """Start writing that the session is in use, unless that was written lately or is being written."""
    due = bearer.seen_at + timedelta(seconds=settings.seen_every_seconds) <= now
    if due and bearer.session_id not in _writing:
        writing = asyncio.create_task(_write_seen(db, settings, user_id, bearer.session_id, now))
        _writing[bearer.session_id] = writing
        writing.add_done_callback(lambda _: _writing.pop(bearer.session_id, None))


async def _write_seen(db: Database, settings: IdentitySettings, user_id: UUID, session_id: UUID, now: datetime) -> None:
    try:
        # The same sum as rules.expiry, over the age that only the row knows.
        await db.execute(
            """
            UPDATE identity.session SET seen_at = $3, expires_at = least($4, created_at + $5)
            WHERE user_id = $1 AND session_id = $2 AND seen_at < $3
            """,
            user_id, session_id, now, now + timedelta(days=settings.session_days),
            timedelta(days=settings.session_max_days),
        )  # fmt: skip
    except Exception as error:
        # A missed note costs nothing: the next request writes it.
        log.warning("session_seen_not_written", error=repr(error))
