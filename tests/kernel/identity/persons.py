"""People for the tests: an account in one line, cheap to hash."""

import itertools
from dataclasses import replace

from msgspec import structs

from octavo.kernel.context import Actor, Context
from octavo.kernel.identity import User, Visitor, create_user
from octavo.settings import Settings

PASSWORD = "seven grey herons"
HERE = Visitor(device="Firefox on Linux", address_hash="0123456789abcdef")

_numbers = itertools.count()


def cheap(settings: Settings) -> Settings:
    """Settings whose password hashes take no time, because most tests are not about them."""
    identity = structs.replace(settings.identity, argon2_memory_kib=64, argon2_time_cost=1, argon2_parallelism=1)
    return structs.replace(settings, identity=identity)


def with_settings(ctx: Context, **changes: object) -> Context:
    settings = structs.replace(ctx.settings, identity=structs.replace(ctx.settings.identity, **changes))
    return replace(ctx, engines=replace(ctx.engines, settings=settings))


async def a_user(ctx: Context, username: str = "", *, role: str = "user", password: str = PASSWORD) -> User:
    username = username or f"person-{next(_numbers)}"
    return await create_user(
        ctx, name=username.title(), email=f"{username}@example.org", username=username, password=password, roles=[role]
    )


def as_user(ctx: Context, user: User) -> Context:
    return ctx.acting_as(Actor(user_id=user.id, name=user.name, roles=frozenset(user.roles)))
