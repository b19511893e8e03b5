"""Who sends a request: one query per request that carries a token, none for others."""

from octavo.kernel.clock import now
from octavo.kernel.context import ANYONE, Actor, Engines
from octavo.kernel.http import Request
from octavo.kernel.identity.session.last_seen import note_seen
from octavo.kernel.identity.session.queries import bearer_of
from octavo.kernel.identity.session.rules import read_token
from octavo.kernel.refusals import Unauthenticated

SESSION_COOKIE = "octavo_session"


class TokenNotValid(Unauthenticated):
    """A program sent a bearer token that opens nothing."""

    title = "This token is not valid, or its session has ended. Sign in again to get another."


async def authenticate(request: Request, engines: Engines) -> Actor:
    """The actor behind a request's bearer token or session cookie.

    A stale cookie makes a visitor of its sender, who then sees public pages as such.
    A stale bearer token is refused (RFC 6750 3.1), because a program would not notice.
    """
    bearer_token = request.bearer_token
    text = bearer_token or request.cookies.get(SESSION_COOKIE)
    if not text:
        return ANYONE
    actor = await actor_of_token(engines, text)
    if actor is None and bearer_token:
        raise TokenNotValid
    return actor or ANYONE


async def actor_of_token(engines: Engines, text: str) -> Actor | None:
    """Whose session the token opens; None where it opens none."""
    token, time = read_token(text), now()
    bearer = await bearer_of(engines.db.user, token, time) if token else None
    if token is None or bearer is None:
        return None
    note_seen(engines.db.user, engines.settings.identity, token.user_id, bearer, time)
    return Actor(token.user_id, bearer.session_id, bearer.name, frozenset(bearer.roles), bearer.locale)
