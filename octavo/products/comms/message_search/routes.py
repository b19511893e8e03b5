"""Our own API of the search: messages by number, state, time and words."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from octavo.kernel.context import Context
from octavo.kernel.http import Request, Router
from octavo.kernel.refusals import Invalid
from octavo.products.comms.message.resource import MessageList, place, resource
from octavo.products.comms.message.routes import account_of, credentials
from octavo.products.comms.message_search.queries import search_messages
from octavo.products.comms.message_search.rows import STATUSES, Wanted
from octavo.products.comms.paging import PageRequest
from octavo.products.comms.sids import sid

api = Router("/api/comms/v1", product="comms")


class SearchMessages(Struct, frozen=True):
    """All that is given has to hold. `number` is either end; `words` all have to be in the text."""

    words: Annotated[str, Meta(max_length=500)] = ""
    number: Annotated[str, Meta(max_length=40)] = ""
    status: str = ""
    since: datetime | None = None
    before: datetime | None = None
    after: str = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


@api.get("/messages/search", access=credentials, summary="Find messages by number, state, time and words")
async def search(ctx: Context, request: Request, query: SearchMessages) -> MessageList:
    """Words are found some seconds after the message was sent."""
    account = await account_of(ctx, request)
    if query.status and query.status not in STATUSES:
        raise Invalid(fields={"status": f"There is no state {query.status!r}; there are {', '.join(STATUSES)}."})
    for name in ("since", "before"):
        time: datetime | None = getattr(query, name)
        if time is not None and time.tzinfo is None:
            raise Invalid(fields={name: "The time needs its offset from UTC, such as a Z at its end."})
    wanted = Wanted(words=query.words, number=query.number, status=query.status, since=query.since, before=query.before)
    found = await search_messages(ctx.engines, account, wanted, PageRequest(size=query.limit, after=place(query.after)))
    return MessageList([resource(one) for one in found.items], sid("SM", found.next) if found.next else "")
