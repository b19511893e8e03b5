"""Changing one's own profile, e-mail address and password, and an operator's changes to others."""

from msgspec import structs

from octavo.kernel.context import Context
from octavo.kernel.db import Queryable, Transaction
from octavo.kernel.identity.attempt.actions import count_attempt, forgive_attempt, forgive_login
from octavo.kernel.identity.attempt.keys import hash_of_login, keys_of_user
from octavo.kernel.identity.audit.actions import record
from octavo.kernel.identity.audit.rows import Visitor
from octavo.kernel.identity.claim.actions import claim, release_email, release_username
from octavo.kernel.identity.claim.rules import normal_username
from octavo.kernel.identity.password.actions import set_hash
from octavo.kernel.identity.password.hashing import hash_password, verify_password
from octavo.kernel.identity.password.queries import password_hash
from octavo.kernel.identity.password.rules import check_new_password
from octavo.kernel.identity.people.actions import keep_search_words
from octavo.kernel.identity.session.actions import end_sessions_of, start_session
from octavo.kernel.identity.session.rows import OpenedSession, SessionKind
from octavo.kernel.identity.user.queries import pseudonym_of, user_by_id
from octavo.kernel.identity.user.rows import Profile, User
from octavo.kernel.identity.user.rules import check_email, check_profile, normal_name
from octavo.kernel.refusals import Invalid, Unauthenticated


class WrongPassword(Invalid):
    """Someone signed in was asked for the password once more and did not know it."""

    title = "That is not your password"


async def own_user(ctx: Context) -> User:
    """The signed-in user as stored. Raises Unauthenticated."""
    return await _own_user(ctx, ctx.db.user)


async def edit_profile(ctx: Context, profile: Profile) -> User:
    """Change name, username and language. Raises Invalid, or AlreadyClaimed for a username that is taken."""
    check_profile(name=profile.name, username=profile.username, locale=profile.locale)
    name, username = normal_name(profile.name), normal_username(profile.username)
    async with ctx.db.user.transaction() as tx:
        before = await _locked_own_user(ctx, tx)
        await claim(tx, before.id, username=username, now=ctx.now)
        await tx.execute(
            "UPDATE identity.user SET name = $2, username = $3, locale = $4 WHERE user_id = $1",
            before.id, name, username, profile.locale,
        )  # fmt: skip
        await release_username(tx, before.id, former=before.username, username=username)
        await keep_search_words(tx, before.id, name=name, username=username)
        if username != before.username:
            await record(tx, "username_changed", before.pseudonym, now=ctx.now)
    return structs.replace(before, name=name, username=username, locale=profile.locale)


async def change_email(ctx: Context, *, email: str, password: str, visitor: Visitor) -> User:
    """Change the address one signs in with. Raises Invalid, WrongPassword, TooManyAttempts or AlreadyClaimed."""
    check_email(email)
    email = email.strip()
    await _confirm_password(ctx, await own_user(ctx), password, field="password", visitor=visitor)
    async with ctx.db.user.transaction() as tx:
        before = await _locked_own_user(ctx, tx)
        await claim(tx, before.id, email=email, now=ctx.now)
        await tx.execute("UPDATE identity.user SET email = $2 WHERE user_id = $1", before.id, email)
        await release_email(tx, before.id, former=before.email, email=email)
        await record(tx, "email_changed", before.pseudonym, now=ctx.now, visitor=visitor)
    return structs.replace(before, email=email)


async def change_password(
    ctx: Context, *, current: str, new: str, kind: SessionKind, visitor: Visitor
) -> OpenedSession:
    """Change one's own password. Every session ends; the one given back goes on in their place.

    Raises Invalid for a password that is not accepted, WrongPassword or TooManyAttempts.
    """
    user = await own_user(ctx)
    check_new_password(new, names=(user.name, user.email, user.username), field="new_password")
    await _confirm_password(ctx, user, current, field="current_password", visitor=visitor)
    new_hash = await hash_password(ctx.settings.identity, new)
    async with ctx.db.user.transaction() as tx:
        await set_hash(tx, user.id, new_hash, now=ctx.now)
        await end_sessions_of(tx, user.id)
        await record(tx, "password_changed", user.pseudonym, now=ctx.now, visitor=visitor)
        return await start_session(tx, ctx, user, kind=kind, visitor=visitor)


async def reset_password(ctx: Context, user: User, new: str) -> None:
    """Give a user another password, end their sessions, and lift what their failed tries brought on."""
    check_new_password(new, names=(user.name, user.email, user.username), field="password")
    new_hash = await hash_password(ctx.settings.identity, new)
    async with ctx.db.user.transaction() as tx:
        await set_hash(tx, user.id, new_hash, now=ctx.now)
        await end_sessions_of(tx, user.id)
        for login in (user.email, user.username):
            await forgive_login(tx, hash_of_login(ctx.settings, login))
        await record(tx, "password_reset", user.pseudonym, now=ctx.now, by=await pseudonym_of(tx, ctx.actor.user_id))


async def _locked_own_user(ctx: Context, tx: Transaction) -> User:
    """The same, locked: of two changes at once, the second must give up what the first has claimed."""
    await tx.execute("SELECT FROM identity.user WHERE user_id = $1 FOR UPDATE", ctx.actor.user_id)
    return await _own_user(ctx, tx)


async def _own_user(ctx: Context, db: Queryable) -> User:
    user = await user_by_id(db, ctx.actor.user_id) if ctx.actor.user_id else None
    if user is None:
        raise Unauthenticated
    return user


async def _confirm_password(ctx: Context, user: User, password: str, *, field: str, visitor: Visitor) -> None:
    """A stolen session must not be enough to guess on, so this counts as sign-in does."""
    keys = keys_of_user(ctx.settings, user.id, visitor)
    await count_attempt(ctx, keys)
    if not await verify_password(ctx.settings.identity, await password_hash(ctx.db.user, user.id), password):
        raise WrongPassword(fields={field: "That is not your password."})
    async with ctx.db.user.transaction() as tx:
        await forgive_attempt(tx, keys)
