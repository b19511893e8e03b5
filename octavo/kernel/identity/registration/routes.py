"""Registering, and the first-run page that makes the operator."""

from collections.abc import Mapping

from octavo.kernel.context import Context
from octavo.kernel.http import Answer, Limit, Redirect, Request, Router, View, public
from octavo.kernel.identity.claim.actions import AlreadyClaimed
from octavo.kernel.identity.registration import actions
from octavo.kernel.identity.registration.rows import Registration
from octavo.kernel.identity.registration.setup_code import check_setup_code, from_this_machine
from octavo.kernel.identity.session.routes import Place, signed_in_answer
from octavo.kernel.identity.session.rows import OpenedSession
from octavo.kernel.identity.session.rules import local_path
from octavo.kernel.identity.user.queries import is_founded
from octavo.kernel.identity.visitor import visitor_of

pages = Router("", product="identity")
api = Router("/api/identity/v1", product="identity")

REGISTRATION_LIMIT = Limit("registration", 100, per=3600, by="address")


class SignUpForm(Registration, frozen=True):
    next: str = "/"


class FoundingForm(Registration, frozen=True):
    setup_code: str = ""


@pages.get("/sign-up", access=public, summary="The registration page")
async def show_sign_up(ctx: Context, query: Place) -> View | Redirect:
    if ctx.actor.signed_in:
        return Redirect(local_path(query.next))
    if not await is_founded(ctx.db.user):
        return Redirect("/welcome")
    return _sign_up_view(ctx, values={"next": query.next}, errors={})


@pages.post(
    "/sign-up",
    access=public,
    limit=REGISTRATION_LIMIT,
    on_invalid=lambda ctx, errors, values: _sign_up_view(ctx, errors=errors, values=values),
)
async def sign_up_here(ctx: Context, form: SignUpForm, request: Request) -> Answer:
    opened = await actions.register(ctx, form, kind="cookie", visitor=visitor_of(ctx, request))
    return signed_in_answer(opened, form.next)


@pages.get("/welcome", access=public, summary="The first-run page, until someone has used it")
async def show_welcome(ctx: Context, request: Request) -> View | Redirect:
    if await is_founded(ctx.db.user):
        return Redirect("/" if ctx.actor.signed_in else "/sign-in")
    return _welcome_view(errors={}, values={} if from_this_machine(request) else {"setup_code": ""})


@pages.post(
    "/welcome",
    access=public,
    limit=REGISTRATION_LIMIT,
    on_invalid=lambda ctx, errors, values: _welcome_view(errors=errors, values=values),
)
async def found_here(ctx: Context, form: FoundingForm, request: Request) -> Answer:
    if await is_founded(ctx.db.user):
        raise actions.AlreadyFounded
    if not from_this_machine(request):
        check_setup_code(ctx, form.setup_code)
    opened = await actions.found_installation(ctx, form, visitor=visitor_of(ctx, request))
    return signed_in_answer(opened, "/")


# No Idempotency-Key: a kept answer would keep the token. Sent twice, the second finds the names taken.
@api.post(
    "/users",
    access=public,
    status=201,
    limit=REGISTRATION_LIMIT,
    summary="Register: make an account and its first bearer token",
    refusals=[AlreadyClaimed, actions.RegistrationClosed],
)
async def create_user(ctx: Context, body: Registration, request: Request) -> OpenedSession:
    return await actions.register(ctx, body, kind="bearer", visitor=visitor_of(ctx, request))


def _sign_up_view(ctx: Context, *, errors: Mapping[str, str], values: Mapping[str, str]) -> View:
    return View(
        "identity/registration/sign_up.html",
        {
            "errors": errors,
            "values": values,
            "next": local_path(values.get("next", "/")),
            "closed": ctx.settings.identity.registration == "closed",
        },
    )


def _welcome_view(*, errors: Mapping[str, str], values: Mapping[str, str]) -> View:
    # The form of a visitor from elsewhere has one field more, which comes back with it.
    asks_for_code = "setup_code" in values or "setup_code" in errors
    return View(
        "identity/registration/welcome.html", {"errors": errors, "values": values, "asks_for_code": asks_for_code}
    )
