"""Repeated requests (Idempotency-Key): the same key gets the same answer, and what it did is done once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b, sha256
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from octavo.kernel.http._prepared import Prepared
from octavo.kernel.http._request import Request
from octavo.kernel.refusals import BadRequest, Conflict, Invalid
from octavo.kernel.secrets import seal, unseal

if TYPE_CHECKING:
    from octavo.kernel.context import Context

LONGEST_KEY = 255
SEALED = "http.repetition:{id}"  # what a kept answer is bound to
# Far longer than any handler may run; an attempt that is still open then was cut off.
LONGEST_ATTEMPT = timedelta(minutes=2)

_START = """
    INSERT INTO http.repetition AS r (id, fingerprint, started_at, expires_at)
    VALUES ($1, $2, $3, $4)
    ON CONFLICT (id) DO UPDATE SET
        fingerprint = $2, started_at = $3, expires_at = $4, status = NULL, headers = NULL, body = NULL
    WHERE r.expires_at <= $3
    RETURNING id
"""
_FIND = "SELECT fingerprint, started_at, status, headers, body FROM http.repetition WHERE id = $1"
_REMEMBER = "UPDATE http.repetition SET status = $2, headers = $3, body = $4 WHERE id = $1"
_FORGET = "DELETE FROM http.repetition WHERE id = $1 AND status IS NULL"


class KeyReused(Invalid):
    title = "This Idempotency-Key was used for another request"


class StillRunning(Conflict):
    title = "The first request with this Idempotency-Key is still running"


class AttemptCutOff(Conflict):
    """Doing it again could do it twice, so the caller has to look first."""

    title = "The first request with this Idempotency-Key was cut off"


@dataclass(frozen=True, slots=True)
class Repetition:
    """One key of one person at one address, and what came with it."""

    id: UUID
    fingerprint: bytes

    @staticmethod
    def of(request: Request, ctx: "Context", key: bytes, body: bytes) -> "Repetition":
        """Raises BadRequest for a key of more than 255 bytes."""
        if len(key) > LONGEST_KEY:
            raise BadRequest(f"An Idempotency-Key has at most {LONGEST_KEY} characters.")
        # Dialects know their callers by credentials of their own.
        who = str(ctx.actor.user_id or f"{request.address}\n{request.headers.get('authorization', '')}")
        scope = f"{who}\n{request.method} {request.path}\n".encode() + key
        query: bytes = request.scope["query_string"]
        return Repetition(UUID(bytes=blake2b(scope, digest_size=16).digest()), sha256(query + b"\n" + body).digest())


async def start_attempt(ctx: "Context", repetition: Repetition) -> Prepared | None:
    """The earlier answer, or None when this request is the first and has to be carried out.

    Raises KeyReused, StillRunning or AttemptCutOff.
    """
    keep = timedelta(hours=ctx.settings.http.idempotency_hours)
    db = ctx.db.main
    if await db.value(_START, repetition.id, repetition.fingerprint, ctx.now, ctx.now + keep) is not None:
        return None
    earlier = await db.one(_Earlier, _FIND, repetition.id)
    if earlier is None:
        raise StillRunning("Try again in a moment.")
    if earlier.fingerprint != repetition.fingerprint:
        raise KeyReused("Use a new key for a new request; nothing was done.")
    if earlier.status is None:
        if ctx.now - earlier.started_at < LONGEST_ATTEMPT:
            raise StillRunning("Wait for its answer, or repeat this in a few seconds.")
        raise AttemptCutOff("Look whether it took effect; if it did not, send it again with a new key.")
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in earlier.headers or ()]
    return Prepared(earlier.status, headers, _opened(ctx, repetition, earlier.body))


async def remember_answer(ctx: "Context", repetition: Repetition, answer: Prepared) -> None:
    """Sealed, because what was asked for may be for nobody else's eyes.

    Cookies are left out: a session is opened for the one who asked first, and a repetition only hears of it.
    """
    headers = [
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers if name != b"set-cookie"
    ]
    body = seal(ctx.settings, answer.body, context=_context(repetition))
    await ctx.db.main.execute(_REMEMBER, repetition.id, answer.status, headers, body)


async def forget_attempt(ctx: "Context", repetition: Repetition) -> None:
    """A refused request did nothing, so its key may be used for a better one."""
    await ctx.db.main.execute(_FORGET, repetition.id)


def _opened(ctx: "Context", repetition: Repetition, body: bytes | None) -> bytes:
    return b"" if body is None else unseal(ctx.settings, body, context=_context(repetition))


def _context(repetition: Repetition) -> str:
    return SEALED.format(id=repetition.id)


class _Earlier(msgspec.Struct, frozen=True):
    fingerprint: bytes
    started_at: datetime
    status: int | None
    headers: list[tuple[str, str]] | None
    body: bytes | None
