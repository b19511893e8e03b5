"""Who calls: a token in `Authorization`, with `Bearer` before it or without."""

from octavo.kernel.article._dialect import ArticleRefusal
from octavo.kernel.context import Context
from octavo.kernel.http import Request
from octavo.kernel.identity import actor_of_token


def credentials_of(request: Request) -> str:
    """What the header holds, without the word before it; blank without a header."""
    given = request.headers.get("authorization", "").strip()
    scheme, _, rest = given.partition(" ")
    return rest.strip() if scheme.lower() in ("bearer", "token") else given


async def caller(ctx: Context, request: Request) -> Context:
    """The context of whoever signed in, or of anyone where no token comes. A wrong one raises ArticleRefusal 401."""
    return await person(ctx, request) if credentials_of(request) else ctx


async def person(ctx: Context, request: Request) -> Context:
    """The context of whoever signed in by `POST /login`. Raises ArticleRefusal 401."""
    actor = await actor_of_token(ctx.engines, credentials_of(request))
    if actor is None:
        raise ArticleRefusal(401, "Unauthorized")
    return ctx.acting_as(actor)
