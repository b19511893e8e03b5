"""The account pages, and the same for programs."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from octavo.kernel.context import Context
from octavo.kernel.http import Answer, Limit, Redirect, Request, Router, View, signed_in
from octavo.kernel.identity.account import actions
from octavo.kernel.identity.account.rules import DONE, LOCALES
from octavo.kernel.identity.attempt.rules import TooManyAttempts
from octavo.kernel.identity.claim.actions import AlreadyClaimed
from octavo.kernel.identity.session.actions import end_all_sessions, end_session
from octavo.kernel.identity.session.queries import sessions_of
from octavo.kernel.identity.session.routes import session_cookie
from octavo.kernel.identity.session.rows import OpenedSession
from octavo.kernel.identity.user.rows import OwnAccount, Profile, own_account
from octavo.kernel.identity.visitor import visitor_of

pages = Router("/account", product="identity")
api = Router("/api/identity/v1/me", product="identity")

PASSWORD_LIMIT = Limit("password", 30, per=300)


class DoneQuery(Struct, frozen=True):
    """What has just been done, so that the page can say so."""

    done: str = ""


class ProfileForm(Struct, frozen=True):
    name: str
    username: str
    locale: str = ""


class EmailForm(Struct, frozen=True):
    email: str
    password: str


class PasswordForm(Struct, frozen=True):
    current_password: str
    new_password: str


class ProfileChange(Struct, frozen=True):
    """What is left out stays as it is."""

    name: Annotated[str | None, Meta(description="What others see.")] = None
    username: Annotated[str | None, Meta(description="Nobody else has it.")] = None
    locale: Annotated[str | None, Meta(description="Such as `en-GB`; blank for the standard one.")] = None


@pages.get("", access=signed_in, summary="Your profile and e-mail address")
async def show_account(ctx: Context, query: DoneQuery) -> View:
    return await _account_view(ctx, done=query.done)


@pages.post("", access=signed_in, on_invalid=lambda ctx, **again: _account_view(ctx, **again))
async def save_profile(ctx: Context, form: ProfileForm) -> Redirect:
    await actions.edit_profile(ctx, Profile(form.name, form.username, form.locale))
    return Redirect("/account?done=profile")


@pages.post(
    "/email", access=signed_in, limit=PASSWORD_LIMIT, on_invalid=lambda ctx, **again: _account_view(ctx, **again)
)
async def save_email(ctx: Context, form: EmailForm, request: Request) -> Answer | Redirect:
    try:
        await actions.change_email(ctx, email=form.email, password=form.password, visitor=visitor_of(ctx, request))
    except TooManyAttempts as refusal:
        view = await _account_view(ctx, errors={"password": refusal.detail}, values={"email": form.email})
        return Answer(view, status=refusal.status, headers={"Retry-After": str(refusal.retry_after)})
    return Redirect("/account?done=email")


@pages.get("/password", access=signed_in, summary="The page on which you change your password")
async def show_password(ctx: Context, query: DoneQuery) -> View:
    return await _password_view(ctx, done=query.done)


@pages.post(
    "/password",
    access=signed_in,
    limit=PASSWORD_LIMIT,
    on_invalid=lambda ctx, errors, values: _password_view(ctx, errors=errors),
)
async def save_password(ctx: Context, form: PasswordForm, request: Request) -> Answer:
    try:
        opened = await actions.change_password(
            ctx,
            current=form.current_password,
            new=form.new_password,
            kind="cookie",
            visitor=visitor_of(ctx, request),
        )
    except TooManyAttempts as refusal:
        view = await _password_view(ctx, errors={"current_password": refusal.detail})
        return Answer(view, status=refusal.status, headers={"Retry-After": str(refusal.retry_after)})
    return Answer(Redirect("/account/password?done=password"), cookies=[session_cookie(opened)])


@pages.get("/sessions", access=signed_in, summary="Where you are signed in")
async def show_sessions(ctx: Context, query: DoneQuery) -> View:
    assert ctx.actor.user_id is not None
    sessions = await sessions_of(ctx.db.user, ctx.actor.user_id, ctx.now)
    data = {"sessions": sessions, "now": ctx.now, "done": DONE.get(query.done, ""), "path": "/account/sessions"}
    return View("identity/account/sessions.html", data)


@pages.post("/sessions/{session_id}/end", access=signed_in)
async def end_one_session(ctx: Context, session_id: UUID) -> Redirect:
    await end_session(ctx, session_id)
    return Redirect("/account/sessions?done=session")


@pages.post("/sessions/end-others", access=signed_in)
async def end_other_sessions(ctx: Context) -> Redirect:
    await end_all_sessions(ctx, keep_current=True)
    return Redirect("/account/sessions?done=sessions")


@api.get("", access=signed_in, summary="Your account")
async def show_me(ctx: Context) -> OwnAccount:
    return own_account(await actions.own_user(ctx))


@api.patch("", access=signed_in, summary="Change your name, username or language", refusals=[AlreadyClaimed])
async def change_me(ctx: Context, body: ProfileChange) -> OwnAccount:
    user = await actions.own_user(ctx)
    profile = Profile(
        name=user.name if body.name is None else body.name,
        username=user.username if body.username is None else body.username,
        locale=user.locale if body.locale is None else body.locale,
    )
    return own_account(await actions.edit_profile(ctx, profile))


@api.put(
    "/email",
    access=signed_in,
    limit=PASSWORD_LIMIT,
    summary="Change the e-mail address you sign in with",
    refusals=[AlreadyClaimed, actions.WrongPassword, TooManyAttempts],
)
async def put_email(ctx: Context, body: EmailForm, request: Request) -> OwnAccount:
    user = await actions.change_email(ctx, email=body.email, password=body.password, visitor=visitor_of(ctx, request))
    return own_account(user)


@api.put(
    "/password",
    access=signed_in,
    limit=PASSWORD_LIMIT,
    summary="Change your password: every session ends, and the one in the answer goes on",
    refusals=[actions.WrongPassword, TooManyAttempts],
)
async def put_password(ctx: Context, body: PasswordForm, request: Request) -> Answer:
    opened: OpenedSession = await actions.change_password(
        ctx,
        current=body.current_password,
        new=body.new_password,
        kind="bearer" if request.bearer_token else "cookie",
        visitor=visitor_of(ctx, request),
    )
    return Answer(opened, cookies=[] if request.bearer_token else [session_cookie(opened)])


async def _account_view(
    ctx: Context,
    *,
    errors: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
    done: str = "",
) -> View:
    account = own_account(await actions.own_user(ctx))
    return View(
        "identity/account/account.html",
        {
            "account": account,
            "locales": list(LOCALES.items()),
            "errors": errors or {},
            "values": values or {},
            "done": DONE.get(done, ""),
            "path": "/account",
        },
    )


async def _password_view(ctx: Context, *, errors: Mapping[str, str] | None = None, done: str = "") -> View:
    username = (await actions.own_user(ctx)).username
    data = {"username": username, "errors": errors or {}, "done": DONE.get(done, ""), "path": "/account/password"}
    return View("identity/account/password.html", data)
