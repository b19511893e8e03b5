"""Saying something about oneself, being found by one's words, blocking and unblocking."""

from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.identity.people.rows import About
from octavo.kernel.identity.people.rules import NotYourself, check_bio, words_of
from octavo.kernel.identity.user.queries import public_user
from octavo.kernel.identity.user.rules import NoSuchUser
from octavo.kernel.refusals import Unauthenticated


async def keep_search_words(tx: Transaction, user_id: UUID, *, name: str, username: str) -> None:
    """From now on the person is found by the words of these, and by no others."""
    words = list(dict.fromkeys([*words_of(name), *words_of(username)]))
    await tx.execute("DELETE FROM identity.search_word WHERE user_id = $1 AND word <> ALL($2)", user_id, words)
    await tx.execute(
        """
        INSERT INTO identity.search_word (user_id, word) SELECT $1, unnest($2::text[])
        ON CONFLICT (user_id, word) DO NOTHING
        """,
        user_id,
        words,
    )


async def describe_oneself(ctx: Context, about: About) -> About:
    """Raises Unauthenticated, or Invalid for a text that is too long."""
    check_bio(about.bio)
    await ctx.db.user.execute(
        """
        INSERT INTO identity.about (user_id, bio, findable, updated_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (user_id) DO UPDATE SET
            bio = excluded.bio, findable = excluded.findable, updated_at = excluded.updated_at
        """,
        _own_id(ctx),
        about.bio,
        about.findable,
        ctx.now,
    )
    return about


async def block(ctx: Context, other_id: UUID) -> None:
    """Neither finds the other any more, nor hears from them. Raises NotYourself or NoSuchUser."""
    own_id = _own_id(ctx)
    if other_id == own_id:
        raise NotYourself
    if await public_user(ctx.db.user, other_id) is None:
        raise NoSuchUser
    await ctx.db.user.execute(
        """
        INSERT INTO identity.block (user_id, blocked_id, blocked_at) VALUES ($1, $2, $3)
        ON CONFLICT (user_id, blocked_id) DO NOTHING
        """,
        own_id,
        other_id,
        ctx.now,
    )


async def unblock(ctx: Context, other_id: UUID) -> None:
    """Undoes it; nothing happens where there was no block."""
    await ctx.db.user.execute(
        "DELETE FROM identity.block WHERE user_id = $1 AND blocked_id = $2", _own_id(ctx), other_id
    )


def _own_id(ctx: Context) -> UUID:
    if ctx.actor.user_id is None:
        raise Unauthenticated
    return ctx.actor.user_id
