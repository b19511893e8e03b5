"""Signing in and out: the pages for people, the sessions of the API for programs."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from octavo.kernel.context import Context
from octavo.kernel.http import Answer, Cookie, Limit, Redirect, Request, Router, View, granted, public, signed_in
from octavo.kernel.identity.attempt.rules import TooManyAttempts
from octavo.kernel.identity.claim.rules import EMAIL_MAX
from octavo.kernel.identity.session import actions
from octavo.kernel.identity.session.authenticate import SESSION_COOKIE
from octavo.kernel.identity.session.queries import sessions_of
from octavo.kernel.identity.session.rows import OpenedSession, Session
from octavo.kernel.identity.session.rules import local_path
from octavo.kernel.identity.user.queries import is_founded
from octavo.kernel.identity.user.rules import AccountSuspended
from octavo.kernel.identity.visitor import visitor_of
from octavo.kernel.refusals import Refusal, TooMany

pages = Router("", product="identity")
api = Router("/api/identity/v1", product="identity")

# Above what one person needs, and far below what guessing needs; the attempt counts are the real guard.
SIGN_IN_LIMIT = Limit("sign-in", 60, per=60, by="address")

# The longest that browsers keep a cookie; the session itself may end sooner.
_COOKIE_LIFE = 400 * 24 * 3600


class Place(Struct, frozen=True):
    """Where to go on afterwards: a path of this site."""

    next: str = "/"


class SignInForm(Struct, frozen=True):
    login: Annotated[str, Meta(max_length=EMAIL_MAX)]
    password: str
    next: str = "/"


class Credentials(Struct, frozen=True):
    login: Annotated[str, Meta(max_length=EMAIL_MAX, description="E-mail address or username.", examples=["ada"])]
    password: Annotated[str, Meta(examples=["seven grey herons"])]


@pages.get("/sign-in", access=public, summary="The sign-in page")
async def show_sign_in(ctx: Context, query: Place) -> View | Redirect:
    if ctx.actor.signed_in:
        return Redirect(local_path(query.next))
    if not await is_founded(ctx.db.user):
        return Redirect("/welcome")
    return sign_in_view(values={"next": query.next})


@pages.post("/sign-in", access=public, limit=SIGN_IN_LIMIT, on_invalid=lambda ctx, **again: sign_in_view(**again))
async def sign_in_here(ctx: Context, form: SignInForm, request: Request) -> Answer:
    try:
        opened = await actions.sign_in(
            ctx, login=form.login, password=form.password, kind="cookie", visitor=visitor_of(ctx, request)
        )
    except (actions.WrongCredentials, TooManyAttempts, AccountSuspended) as refusal:
        view = sign_in_view(values={"login": form.login, "next": form.next}, refusal=refusal)
        headers = {"Retry-After": str(refusal.retry_after)} if isinstance(refusal, TooMany) else {}
        return Answer(view, status=refusal.status, headers=headers)
    return signed_in_answer(opened, form.next)


@pages.post("/sign-out", access=public)
async def sign_out_here(ctx: Context) -> Answer:
    await actions.sign_out(ctx)
    return Answer(Redirect("/"), cookies=[Cookie(SESSION_COOKIE, "", max_age=0)])


@api.post(
    "/sessions",
    access=granted("anyone", "the body carries the credentials, whatever ended token the program still sends"),
    status=201,
    limit=SIGN_IN_LIMIT,
    summary="Sign in: exchange a login and password for a bearer token",
    refusals=[actions.WrongCredentials, TooManyAttempts, AccountSuspended],
)
async def create_session(ctx: Context, body: Credentials, request: Request) -> OpenedSession:
    return await actions.sign_in(
        ctx, login=body.login, password=body.password, kind="bearer", visitor=visitor_of(ctx, request)
    )


@api.get("/sessions", access=signed_in, summary="Your sessions, the most recently used first")
async def list_sessions(ctx: Context) -> list[Session]:
    assert ctx.actor.user_id is not None
    return await sessions_of(ctx.db.user, ctx.actor.user_id, ctx.now)


@api.delete("/sessions", access=signed_in, status=204, summary="Sign out everywhere, here included")
async def delete_sessions(ctx: Context) -> None:
    await actions.end_all_sessions(ctx, keep_current=False)


@api.delete("/sessions/current", access=signed_in, status=204, summary="Sign out here")
async def delete_current_session(ctx: Context) -> None:
    await actions.sign_out(ctx)


@api.delete("/sessions/{session_id}", access=signed_in, status=204, summary="End one of your sessions")
async def delete_session(ctx: Context, session_id: UUID) -> None:
    await actions.end_session(ctx, session_id)


def sign_in_view(
    *, values: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None, refusal: Refusal | None = None
) -> View:
    values = values or {}
    return View(
        "identity/session/sign_in.html",
        {
            "login": values.get("login", ""),
            "next": local_path(values.get("next", "/")),
            "errors": errors or {},
            "refusal": refusal,
        },
    )


def signed_in_answer(opened: OpenedSession, path: str) -> Answer:
    """On to `path` with a fresh cookie. Whatever token the browser held before is replaced."""
    return Answer(Redirect(local_path(path)), cookies=[session_cookie(opened)])


def session_cookie(opened: OpenedSession) -> Cookie:
    return Cookie(SESSION_COOKIE, opened.token, max_age=_COOKIE_LIFE)
