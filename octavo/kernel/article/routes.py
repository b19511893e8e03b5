"""What belongs to no product: signing in, and a resource to try the token on."""

from octavo.kernel.article._bodies import fields_of
from octavo.kernel.article._callers import person
from octavo.kernel.article._dialect import ArticleRefusal
from octavo.kernel.context import Context
from octavo.kernel.http import Bytes, Request, Router, granted
from octavo.kernel.identity import sign_in, visitor_of
from octavo.kernel.refusals import Unauthenticated

api = Router("", product="article")
login = granted("a password", "the body carries what proves who it is")
token = granted("a token", "the handler looks up whose token the call carries")
TEXT = "text/plain; charset=utf-8"


@api.post("/login", access=login, summary="Sign in", documented=False)
async def log_in(ctx: Context, request: Request) -> dict[str, str]:
    fields = await fields_of(ctx, request)
    try:
        opened = await sign_in(
            ctx,
            login=fields.text("username"),
            password=fields.text("password"),
            kind="bearer",
            visitor=visitor_of(ctx, request),
        )
    except Unauthenticated:
        raise ArticleRefusal(401, "Authentication Failed") from None
    return {"token": opened.token}


@api.get("/protected-resource", access=token, summary="Only with a token", documented=False)
async def show_protected_resource(ctx: Context, request: Request) -> Bytes:
    await person(ctx, request)
    return Bytes(b"Protected Resource", TEXT)
