"""One call: who makes it, for which account, and what its path names."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.db import Database
from octavo.kernel.http import Request
from octavo.products.comms.account.rows import Account, Caller
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.paging import LARGEST_PAGE, USUAL_PAGE, PageRequest
from octavo.products.comms.sids import read_sid

FORWARD, BACKWARD = "PA", "PB"


@dataclass(frozen=True)
class Call:
    """`account` is the one that the path names, or else the caller's; `account_sid` is its SID as the caller wrote it,
    which differs for test credentials.
    """

    ctx: Context
    request: Request
    caller: Caller
    account: Account
    account_sid: str
    path: dict[str, str]

    @property
    def db(self) -> Database:
        return self.ctx.db.main

    @property
    def is_test(self) -> bool:
        return self.caller.is_test

    @property
    def as_json(self) -> bool:
        """Whether the path ended with `.json`, which matters only where there are bytes to be had as well."""
        return self.request.path.endswith(".json")

    @property
    def uri(self) -> str:
        """The path as it was asked for."""
        return self.request.path

    @cached_property
    def base(self) -> str:
        """Scheme and host for absolute addresses. The vendor's hosts are spoken to in TLS, if only by the proxy."""
        host = self.request.host
        is_vendors = host.partition(":")[0].endswith(".twilio.com")
        return f"{'https' if is_vendors else self.request.scope['scheme']}://{host}"

    @cached_property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(self.request.scope["query_string"].decode("latin-1"), keep_blank_values=True)

    @cached_property
    def page(self) -> PageRequest:
        """The page of a list that was asked for. Raises CommsRefusal 20001."""
        asked = dict(self.query)
        token = asked.get("PageToken", "")
        return PageRequest(
            size=min(_number("PageSize", asked, USUAL_PAGE, least=1), LARGEST_PAGE),
            after=read_sid(token, FORWARD, BACKWARD) if token else None,
            backward=token.startswith(BACKWARD),
            number=_number("Page", asked, 0, least=0),
        )

    def id(self, name: str, *prefixes: str) -> UUID:
        """The id behind the SID that the path has for `name`. Raises CommsRefusal 20404."""
        try:
            return read_sid(self.path[name], *prefixes)
        except CommsRefusal:
            raise CommsRefusal(20404, f"The requested resource {self.uri} was not found") from None


def _number(name: str, asked: dict[str, str], usual: int, *, least: int) -> int:
    text = asked.get(name, "")
    if not text:
        return usual
    if not text.isdecimal() or len(text) > 9 or int(text) < least:
        raise CommsRefusal(20001, f"Invalid value for parameter {name}: {text!r:.60}")
    return int(text)
