"""First steps: the same message by curl, Python and Node, ready to be copied for one's own account."""

from msgspec import Struct

from octavo.kernel.context import Context
from octavo.kernel.http import Request, Router, View, signed_in
from octavo.products.comms.console.queries import my_account
from octavo.products.comms.console.start.snippets import snippets
from octavo.products.comms.number.queries import numbers
from octavo.products.comms.paging import PageRequest

pages = Router("/comms/start", product="comms")
HANDSET = "+14155550100"


class StartQuery(Struct, frozen=True):
    account: str = ""


@pages.get("", access=signed_in, summary="First steps")
async def start_page(ctx: Context, query: StartQuery, request: Request) -> View:
    account = await my_account(ctx, query.account)
    own = await numbers(ctx.db.main, account.id, PageRequest(size=1))
    number = own.items[0].number if own.items else ""
    return View(
        "comms/console/start/start.html",
        {
            "account": account,
            "number": number,
            "snippets": snippets(request.dialect_url("twilio"), account.sid, number, HANDSET) if number else [],
            "handset": HANDSET,
        },
    )
