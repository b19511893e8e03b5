"""People: the page, and the same for programs."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from octavo.kernel.context import Context
from octavo.kernel.http import Limit, Redirect, Router, View, signed_in
from octavo.kernel.identity.people import actions, queries
from octavo.kernel.identity.people.rows import About, BlockedUser, FoundUser
from octavo.kernel.identity.people.rules import LONGEST_BIO, NotYourself
from octavo.kernel.identity.user.rules import NoSuchUser

pages = Router("/account/people", product="identity")
api = Router("/api/identity/v1", product="identity")
SEARCHES = Limit("identity.search", 300, per=300)


class PeopleQuery(Struct, frozen=True):
    """`q` is searched for; `done` says what has just been done."""

    q: Annotated[str, Meta(max_length=100)] = ""
    done: str = ""


class AboutForm(Struct, frozen=True):
    bio: str = ""
    findable: bool = False


class AboutChange(Struct, frozen=True):
    """What is left out stays as it is."""

    bio: Annotated[str, Meta(max_length=LONGEST_BIO, description="What others read about you.")] | None = None
    findable: Annotated[bool, Meta(description="Whether others find you by searching.")] | None = None


DONE = {"about": "It is saved.", "blocked": "You keep away from each other now.", "unblocked": "The block is lifted."}


@pages.get("", access=signed_in, summary="Find people, and keep away from some", limit=SEARCHES)
async def people_page(ctx: Context, query: PeopleQuery) -> View:
    return await _view(ctx, query.q, done=query.done)


async def _again(ctx: Context, errors: dict[str, str], values: dict[str, str]) -> View:
    return await _view(ctx, "", errors=errors, values=values)


@pages.post("", access=signed_in, summary="Say something about yourself", on_invalid=_again)
async def save_about(ctx: Context, form: AboutForm) -> Redirect:
    await actions.describe_oneself(ctx, About(form.bio, findable=form.findable))
    return Redirect("/account/people?done=about")


@pages.post("/{user_id}/block", access=signed_in, summary="Keep away from someone")
async def block_on_page(ctx: Context, user_id: UUID) -> Redirect:
    await actions.block(ctx, user_id)
    return Redirect("/account/people?done=blocked")


@pages.post("/{user_id}/unblock", access=signed_in, summary="Lift a block")
async def unblock_on_page(ctx: Context, user_id: UUID) -> Redirect:
    await actions.unblock(ctx, user_id)
    return Redirect("/account/people?done=unblocked")


@api.get("/users", access=signed_in, summary="Search for people", limit=SEARCHES)
async def search(ctx: Context, query: PeopleQuery) -> list[FoundUser]:
    assert ctx.actor.user_id is not None
    return await queries.search_users(ctx.db.user, query.q, ctx.actor.user_id)


@api.get("/me/about", access=signed_in, summary="What you say about yourself")
async def show_about(ctx: Context) -> About:
    assert ctx.actor.user_id is not None
    return await queries.about(ctx.db.user, ctx.actor.user_id)


@api.patch("/me/about", access=signed_in, summary="Change what you say about yourself")
async def change_about(ctx: Context, body: AboutChange) -> About:
    assert ctx.actor.user_id is not None
    before = await queries.about(ctx.db.user, ctx.actor.user_id)
    after = About(
        before.bio if body.bio is None else body.bio,
        findable=before.findable if body.findable is None else body.findable,
    )
    return await actions.describe_oneself(ctx, after)


@api.get("/me/blocks", access=signed_in, summary="Whom you blocked")
async def list_blocks(ctx: Context) -> list[BlockedUser]:
    assert ctx.actor.user_id is not None
    return await queries.blocked_by(ctx.db.user, ctx.actor.user_id)


@api.put("/me/blocks/{user_id}", access=signed_in, summary="Block someone", refusals=[NotYourself, NoSuchUser])
async def put_block(ctx: Context, user_id: UUID) -> None:
    await actions.block(ctx, user_id)


@api.delete("/me/blocks/{user_id}", access=signed_in, summary="Lift a block")
async def delete_block(ctx: Context, user_id: UUID) -> None:
    await actions.unblock(ctx, user_id)


async def _view(
    ctx: Context,
    text: str,
    *,
    done: str = "",
    errors: dict[str, str] | None = None,
    values: dict[str, str] | None = None,
) -> View:
    assert ctx.actor.user_id is not None
    db, own_id = ctx.db.user, ctx.actor.user_id
    return View(
        "identity/people/people.html",
        {
            "q": text,
            "found": await queries.search_users(db, text, own_id),
            "blocked": await queries.blocked_by(db, own_id),
            "about": await queries.about(db, own_id),
            "errors": errors or {},
            "values": values or {},
            "done": DONE.get(done, ""),
            "path": "/account/people",
        },
    )
