"""Other users: what anyone may know of them, and what an operator lets them do."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from octavo.kernel.context import Context
from octavo.kernel.http import Router, public, role
from octavo.kernel.identity.user import actions
from octavo.kernel.identity.user.queries import public_user, user_by_id
from octavo.kernel.identity.user.rows import OwnAccount, PublicUser, own_account
from octavo.kernel.identity.user.rules import LastOperator, NoSuchUser

api = Router("/api/identity/v1", product="identity")


class NewRole(Struct, frozen=True):
    role: Annotated[
        Literal["user", "creator", "moderator", "operator"], Meta(description="Each role includes those before it.")
    ]


@api.get("/users/{user_id}", access=public, summary="What anyone may know of a user", refusals=[NoSuchUser])
async def show_user(ctx: Context, user_id: UUID) -> PublicUser:
    user = await public_user(ctx.db.user, user_id)
    if user is None:
        raise NoSuchUser
    return user


@api.put(
    "/users/{user_id}/role",
    access=role("operator"),
    summary="Give a user a role",
    refusals=[NoSuchUser, LastOperator],
)
async def put_role(ctx: Context, user_id: UUID, body: NewRole) -> OwnAccount:
    user = await user_by_id(ctx.db.user, user_id)
    if user is None:
        raise NoSuchUser
    return own_account(await actions.change_role(ctx, user, body.role))
