"""Making accounts: by registering, by an operator's command, and the first one of all."""

import asyncio
from collections.abc import Sequence
from typing import Literal
from uuid import uuid4

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.identity.audit.actions import record
from octavo.kernel.identity.audit.rows import Visitor
from octavo.kernel.identity.claim.actions import claim
from octavo.kernel.identity.claim.rules import normal_username
from octavo.kernel.identity.password.hashing import hash_password
from octavo.kernel.identity.people.actions import keep_search_words
from octavo.kernel.identity.registration.rows import Registration
from octavo.kernel.identity.registration.setup_code import forget_setup_code
from octavo.kernel.identity.session.actions import start_session
from octavo.kernel.identity.session.rows import OpenedSession, SessionKind
from octavo.kernel.identity.user.rows import User
from octavo.kernel.identity.user.rules import check_registration, normal_name, roles_with_lesser
from octavo.kernel.ids import new_id
from octavo.kernel.refusals import Conflict, Forbidden


class RegistrationClosed(Forbidden):
    title = "This site makes accounts by invitation. Ask its operator for one."


class AlreadyFounded(Conflict):
    """Someone was quicker, or the page was opened long after the first start."""

    title = "This site already has its operator. Sign in instead."


async def create_user(
    ctx: Context, *, name: str, email: str, username: str, password: str, roles: Sequence[str] = ()
) -> User:
    """An account without a session, as commands and tests make them. `roles` defaults to those of a new account.

    Raises Invalid with every wrong field, AlreadyClaimed for an address or username that is taken.
    """
    new = await _prepare(ctx, Registration(name, email, username, password), roles)
    async with ctx.db.user.transaction() as tx:
        await _insert_user(tx, ctx, *new)
    return new[0]


async def register(ctx: Context, registration: Registration, *, kind: SessionKind, visitor: Visitor) -> OpenedSession:
    """An account and its first session. Raises as create_user does, and RegistrationClosed."""
    if ctx.settings.identity.registration == "closed":
        raise RegistrationClosed
    user, password_hash = await _prepare(ctx, registration, ())
    async with ctx.db.user.transaction() as tx:
        await _insert_user(tx, ctx, user, password_hash, visitor=visitor)
        return await start_session(tx, ctx, user, kind=kind, visitor=visitor)


async def found_installation(ctx: Context, registration: Registration, *, visitor: Visitor) -> OpenedSession:
    """The first account, which is the operator's. Raises AlreadyFounded once any user exists."""
    user, password_hash = await _prepare(ctx, registration, ["operator"])
    async with ctx.db.user.transaction() as tx:
        if await _insert_user(tx, ctx, user, password_hash, visitor=visitor) != "first":
            raise AlreadyFounded
        opened = await start_session(tx, ctx, user, kind="cookie", visitor=visitor)
    await asyncio.to_thread(forget_setup_code, ctx.settings.data_dir)
    return opened


async def _prepare(ctx: Context, registration: Registration, roles: Sequence[str]) -> tuple[User, str]:
    """The user to insert and the hash of the password, which is made before a connection is taken."""
    check_registration(
        name=registration.name,
        email=registration.email,
        username=registration.username,
        password=registration.password,
    )
    user = User(
        id=new_id(),
        # Random, not a UUIDv7: its time would tell whose it was.
        pseudonym=uuid4(),
        name=normal_name(registration.name),
        email=registration.email.strip(),
        username=normal_username(registration.username),
        roles=roles_with_lesser(roles or ctx.settings.identity.new_user_roles),
        state="active",
        locale="",
        created_at=ctx.now,
    )
    return user, await hash_password(ctx.settings.identity, registration.password)


async def _insert_user(
    tx: Transaction, ctx: Context, user: User, password_hash: str, *, visitor: Visitor | None = None
) -> Literal["first", "later"]:
    # Two who found at once meet here: the second waits for the first to commit, and then inserts nothing.
    founded = await tx.execute(
        """
        INSERT INTO identity.founding (installation, user_id, founded_at) VALUES ('this', $1, $2)
        ON CONFLICT (installation) DO NOTHING
        """,
        user.id, ctx.now,
    )  # fmt: skip
    await claim(tx, user.id, email=user.email, username=user.username, now=ctx.now)
    await tx.execute(
        """
        INSERT INTO identity.user (user_id, pseudonym, name, email, username, roles, state, locale, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        user.id, user.pseudonym, user.name, user.email, user.username, user.roles, user.state, user.locale,
        user.created_at,
    )  # fmt: skip
    await tx.execute(
        "INSERT INTO identity.password (user_id, hash, changed_at) VALUES ($1, $2, $3)", user.id, password_hash, ctx.now
    )
    await keep_search_words(tx, user.id, name=user.name, username=user.username)
    await record(tx, "registered", user.pseudonym, now=ctx.now, visitor=visitor, roles=user.roles)
    return "first" if founded else "later"
