"""Where a request came from, as far as it may be remembered."""

from octavo.kernel.context import Context
from octavo.kernel.http import Request
from octavo.kernel.identity.audit.rows import Visitor
from octavo.kernel.identity.keyed_hash import address_hash
from octavo.kernel.identity.session.rules import device_name


def visitor_of(ctx: Context, request: Request) -> Visitor:
    return Visitor(
        device=device_name(request.headers.get("user-agent", "")),
        address_hash=address_hash(ctx.settings, request.address),
    )
