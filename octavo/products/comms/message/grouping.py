"""Messages that are accepted at the same time are accepted together: one transaction for all of an account's that came
while the last one was being committed.

Nobody waits for a group to fill: alone a message goes at once, and under load one commit serves all who wait for it.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from octavo.kernel.context import Context
from octavo.kernel.refusals import Refusal
from octavo.products.comms.account.rows import Account
from octavo.products.comms.guard.queries import standing
from octavo.products.comms.message.acceptance import Asked, Verdict, accept, writes_once
from octavo.products.comms.message.rows import Message

LARGEST = 250
log = logging.getLogger("octavo.comms")


class _Waiting(NamedTuple):
    ctx: Context
    account: Account
    asked: Asked
    verdict: asyncio.Future[Verdict]


class _Group:
    """Those of one account who wait for the next transaction."""

    def __init__(self) -> None:
        self.waiting: list[_Waiting] = []
        self.working: asyncio.Task[None] | None = None


# One table per set of engines: tests have several in one process.
_groups: WeakKeyDictionary[object, dict[UUID, _Group]] = WeakKeyDictionary()


async def accept_together(ctx: Context, account: Account, asked: Asked) -> Message:
    """The message, once it is kept. Raises CommsRefusal, and what the database raises."""
    of_process = _groups.setdefault(ctx.db.main, {})
    group = of_process.setdefault(account.id, _Group())
    verdict: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
    group.waiting.append(_Waiting(ctx, account, asked, verdict))
    if group.working is None:
        group.working = asyncio.create_task(_work(of_process, account.id, group))
    found = await verdict
    if isinstance(found, Message):
        return found
    raise found


async def _work(of_process: dict[UUID, _Group], account_id: UUID, group: _Group) -> None:
    try:
        while group.waiting:
            some, group.waiting = group.waiting[:LARGEST], group.waiting[LARGEST:]
            await _accept(some)
    finally:
        group.working = None
        of_process.pop(account_id, None)


async def _accept(some: Sequence[_Waiting]) -> None:
    """All of them kept together. What nobody foresaw fails only those whose message it is about."""
    ctx, account, asked = some[-1].ctx, some[-1].account, [one.asked for one in some]
    database = ctx.db.main
    try:
        found = await standing(ctx.engines, account)
        async with database.statements() if writes_once(found, asked) else database.transaction() as tx:
            verdicts = await accept(ctx, tx, account, found, asked)
    except Exception as error:
        if len(some) > 1 and not isinstance(error, Refusal):
            log.exception("A group of %d messages failed, and is accepted one by one", len(some))
            for one in some:
                await _accept([one])
            return
        for one in some:
            if not one.verdict.done():
                one.verdict.set_exception(error)
        return
    for one, verdict in zip(some, verdicts, strict=True):
        if not one.verdict.done():
            one.verdict.set_result(verdict)
