"""Forgetting the text of a message wherever a copy of it lies. Each copy is sealed; here it goes for good."""

from uuid import UUID

from octavo.kernel import callbacks
from octavo.kernel.context import Context
from octavo.kernel.db import Queryable, Transaction
from octavo.products.comms.carrier.simulated.actions import forget_heard, forget_said
from octavo.products.comms.inbound.following import is_derived, where_asked
from octavo.products.comms.message.rows import Message
from octavo.products.comms.message_search.actions import forget_message
from octavo.products.comms.monitor.actions import forget_words

SIMULATED = "simulated"
MOST_ASKED = 1000  # callbacks of one account in a millisecond


async def forget_copies(ctx: Context, tx: Transaction, message: Message) -> None:
    """Out of the index, of requests to servers and their answers, of alerts, and of virtual handsets."""
    await forget_message(tx, message.account_id, message.id)
    if message.direction == "inbound":
        await callbacks.forget(tx, message.account_id, message.sid)
        if message.carrier == SIMULATED:
            await forget_said(tx, message.account_id, message.carrier_ref)
    else:
        await forget_heard(tx, message.account_id, message.id)
    await forget_words(tx, message.account_id, message.sid)
    if message.direction == "outbound-reply":
        await _forget_where_it_was_answered(tx, message)


async def _forget_where_it_was_answered(tx: Transaction, message: Message) -> None:
    """The text came as a server's answer, to a request about another message."""
    for subject in await _asked_about(tx, message.account_id, message.id):
        await callbacks.forget_answers(tx, message.account_id, subject)
        await forget_words(tx, message.account_id, subject)


async def _asked_about(db: Queryable, account_id: UUID, message_id: UUID) -> set[str]:
    span = where_asked(message_id)
    near = await callbacks.deliveries(db, account_id, since=span.since, before=span.before, most=MOST_ASKED)
    return {one.subject for one in near if is_derived(message_id, one.id)}
