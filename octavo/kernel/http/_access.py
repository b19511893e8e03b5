"""Who may call a route: every route names its access, and the tests walk all of them with every role."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from octavo.kernel.refusals import Forbidden, Unauthenticated

if TYPE_CHECKING:
    from octavo.kernel.context import Actor


@dataclass(frozen=True, slots=True)
class Access:
    """A rule over the actor alone; what depends on the thing asked for is decided by the action or the query.

    `check` raises Unauthenticated or Forbidden. `name` appears in the access matrix and in the OpenAPI document.
    """

    name: str
    check: Callable[["Actor"], None]
    identifies: bool = True  # False: nobody looks who asks, and `ctx.actor` is anyone
    reason: str = ""


def role(*names: str) -> Access:
    """Open to people who hold at least one of the roles."""
    allowed = frozenset(names)

    def check(actor: "Actor") -> None:
        _check_signed_in(actor)
        if allowed.isdisjoint(actor.roles):
            raise Forbidden(f"Only a person with the role {' or '.join(sorted(allowed))} may do that.")

    return Access(" or ".join(sorted(allowed)), check)


def granted(name: str, reason: str) -> Access:
    """Open at the door, because the handler verifies something that the request itself carries; `reason` says what.

    The session is not looked up, which matters where a player fetches segments: `ctx.actor` is always anyone.
    """
    return Access(name, _let_in, identifies=False, reason=reason)


def _let_in(actor: "Actor") -> None:
    pass


def _check_signed_in(actor: "Actor") -> None:
    if not actor.signed_in:
        raise Unauthenticated("Sign in to continue.")


public = Access("public", _let_in)
signed_in = Access("signed in", _check_signed_in)
