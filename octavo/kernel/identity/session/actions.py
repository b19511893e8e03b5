"""Signing in and out, and ending the sessions of other devices."""

import hashlib
from datetime import datetime
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.db import Queryable, Transaction, execute_in_batches
from octavo.kernel.identity.attempt.actions import count_attempt, forgive_attempt
from octavo.kernel.identity.attempt.keys import keys_of_login
from octavo.kernel.identity.audit.actions import record
from octavo.kernel.identity.audit.rows import Visitor
from octavo.kernel.identity.claim.queries import user_of_login
from octavo.kernel.identity.password.actions import store_hash
from octavo.kernel.identity.password.hashing import hash_password, needs_rehash, verify_password
from octavo.kernel.identity.password.queries import password_hash
from octavo.kernel.identity.session.rows import OpenedSession, SessionKind
from octavo.kernel.identity.session.rules import expiry, make_token
from octavo.kernel.identity.user.queries import user_by_id
from octavo.kernel.identity.user.rows import User, own_account
from octavo.kernel.identity.user.rules import AccountSuspended, NoSuchUser
from octavo.kernel.ids import new_id, new_secret
from octavo.kernel.refusals import Unauthenticated


class WrongCredentials(Unauthenticated):
    """The same words whether the account exists or not."""

    title = "That login and password do not go together"


async def sign_in(ctx: Context, *, login: str, password: str, kind: SessionKind, visitor: Visitor) -> OpenedSession:
    """A fresh session for whoever knows the password; in a browser it takes the place of the one before.

    Raises WrongCredentials, TooManyAttempts or AccountSuspended.
    """
    keys = keys_of_login(ctx.settings, login, visitor)
    await count_attempt(ctx, keys)
    # An unknown login takes the same way with nobody's id, so that time does not tell it from a known one.
    user_id = await user_of_login(ctx.db.user, login) or new_id()
    user, stored = await user_by_id(ctx.db.user, user_id), await password_hash(ctx.db.user, user_id)
    if not await verify_password(ctx.settings.identity, stored, password) or user is None or stored is None:
        raise WrongCredentials
    if user.state != "active":
        raise AccountSuspended
    renewed = (
        await hash_password(ctx.settings.identity, password) if needs_rehash(ctx.settings.identity, stored) else None
    )
    async with ctx.db.user.transaction() as tx:
        await _check_unchanged(tx, ctx, user, password, verified=stored)
        await forgive_attempt(tx, keys)
        if renewed:
            await store_hash(tx, user.id, renewed, replacing=stored)
        if kind == "cookie":  # a browser has one session; a program may hold several
            await _end_presented_session(tx, ctx)
        return await start_session(tx, ctx, user, kind=kind, visitor=visitor)


async def _check_unchanged(tx: Transaction, ctx: Context, user: User, password: str, *, verified: str) -> None:
    """Verifying takes its time: a session for a password that was changed meanwhile would outlive the change."""
    await tx.execute("SELECT FROM identity.password WHERE user_id = $1 FOR UPDATE", user.id)
    stored = await password_hash(tx, user.id)
    if stored != verified and not await verify_password(ctx.settings.identity, stored, password):
        raise WrongCredentials


async def open_session(
    ctx: Context, user_id: UUID, *, kind: SessionKind = "bearer", visitor: Visitor | None = None
) -> OpenedSession:
    """A session for a user who is known already, such as the one a command has just made."""
    user = await user_by_id(ctx.db.user, user_id)
    if user is None:
        raise NoSuchUser
    async with ctx.db.user.transaction() as tx:
        return await start_session(tx, ctx, user, kind=kind, visitor=visitor or Visitor())


async def start_session(
    tx: Transaction, ctx: Context, user: User, *, kind: SessionKind, visitor: Visitor
) -> OpenedSession:
    """Insert a session in the caller's transaction. Only the hash of its token is kept."""
    token, session_id = make_token(user.id, new_secret()), new_id()
    expires_at = expiry(ctx.settings.identity, ctx.now, ctx.now)
    await tx.execute(
        """
        INSERT INTO identity.session
            (user_id, session_id, token_hash, kind, device, address_hash, created_at, seen_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)
        """,
        user.id, session_id, hashlib.sha256(token.encode()).digest(), kind, visitor.device, visitor.address_hash,
        ctx.now, expires_at,
    )  # fmt: skip
    await record(tx, "signed_in", user.pseudonym, now=ctx.now, visitor=visitor, kind=kind)
    return OpenedSession(token=token, session_id=session_id, expires_at=expires_at, user=own_account(user))


async def sign_out(ctx: Context) -> None:
    """End the session that the request came with. Without one there is nothing to do."""
    async with ctx.db.user.transaction() as tx:
        await _end_presented_session(tx, ctx)


async def end_session(ctx: Context, session_id: UUID) -> None:
    """End one of the actor's own sessions. One that has ended already is as it should be."""
    await ctx.db.user.execute(
        "DELETE FROM identity.session WHERE user_id = $1 AND session_id = $2", ctx.actor.user_id, session_id
    )


async def end_all_sessions(ctx: Context, *, keep_current: bool) -> int:
    """End the actor's sessions everywhere, or everywhere else. Gives how many ended."""
    async with ctx.db.user.transaction() as tx:
        assert ctx.actor.user_id is not None
        return await end_sessions_of(tx, ctx.actor.user_id, kept=ctx.actor.session_id if keep_current else None)


async def end_sessions_of(tx: Transaction, user_id: UUID, *, kept: UUID | None = None) -> int:
    return await tx.execute(
        "DELETE FROM identity.session WHERE user_id = $1 AND session_id IS DISTINCT FROM $2", user_id, kept
    )


async def forget_ended_sessions(db: Queryable, *, before: datetime) -> int:
    # Expiry is by age over everyone.
    return await execute_in_batches(
        db,
        """
        DELETE FROM identity.session /* fanout */ WHERE expires_at < $1 AND (user_id, session_id) IN (
            SELECT user_id, session_id FROM identity.session /* fanout */
            WHERE expires_at < $1 ORDER BY expires_at LIMIT $2
        )
        """,
        before,
    )


async def _end_presented_session(tx: Transaction, ctx: Context) -> None:
    if ctx.actor.user_id and ctx.actor.session_id:
        await tx.execute(
            "DELETE FROM identity.session WHERE user_id = $1 AND session_id = $2",
            ctx.actor.user_id, ctx.actor.session_id,
        )  # fmt: skip
