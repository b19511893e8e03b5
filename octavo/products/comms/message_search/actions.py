"""Putting messages into the index, some time after they were written and many at once."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from octavo.kernel import search
from octavo.kernel.context import Context, Engines
from octavo.kernel.db import Transaction
from octavo.products.comms.message.bodies import open_body
from octavo.products.comms.message_search import queries
from octavo.products.comms.message_search.keys import search_key
from octavo.products.comms.message_search.rows import KIND, Unread

BATCH = 1000
_NAME = "messages"
_FIRST = UUID(int=0)


async def all_before(ctx: Context) -> datetime:
    """Every message from before this time is in the index."""
    found: datetime | None = await ctx.db.main.value(
        "SELECT all_before FROM comms.search_progress WHERE name = $1", _NAME
    )
    return found or queries.EARLIEST


async def keep_all_before(ctx: Context, time: datetime) -> None:
    await ctx.db.main.execute(
        """
        INSERT INTO comms.search_progress (name, all_before) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET all_before = excluded.all_before
        """,
        _NAME,
        time,
    )


async def index_since(ctx: Context, time: datetime) -> int:
    """Puts in what was written since then and is not in; how many messages."""
    place, total = (time, _FIRST), 0
    while True:
        async with ctx.db.main.transaction() as tx:
            some = await queries.unread(tx, place, BATCH)
            total += await _index(ctx.engines, tx, some)
        if len(some) < BATCH:
            return total
        place = some[-1].created_at, some[-1].id


async def forget_message(tx: Transaction, account_id: UUID, message_id: UUID) -> None:
    """Its words are found no more."""
    await search.remove(tx, account_id, KIND, message_id)


async def hide_words(engines: Engines, tx: Transaction, account_id: UUID, texts: Mapping[UUID, str]) -> None:
    """From now on the index has keyed hashes of the words of these messages."""
    if not texts:
        return
    key = await search_key(engines, account_id)
    for message_id in texts:
        await search.remove(tx, account_id, KIND, message_id)
    await search.index_texts(tx, [_entry(account_id, id, text, key) for id, text in texts.items()])


async def _index(engines: Engines, tx: Transaction, some: list[Unread]) -> int:
    here = await search.indexed(tx, [(one.account_id, KIND, one.id) for one in some])
    new = [one for one in some if one.id not in here]
    if new:
        await search.index_texts(tx, [await _text(engines, one) for one in new])
    return len(new)


async def _text(engines: Engines, one: Unread) -> search.Text:
    body, key = one.body, None
    if one.sealed_body is not None and one.body_key is not None:
        body = await open_body(engines, one.account_id, one.id, one.body_key, one.sealed_body)
        key = await search_key(engines, one.account_id)
    return _entry(one.account_id, one.id, body, key)


def _entry(account_id: UUID, id: UUID, text: str, key: bytes | None) -> search.Text:
    return search.Text(owner_id=account_id, kind=KIND, thing_id=id, text=text, at=queries.time_of(id), private_key=key)
