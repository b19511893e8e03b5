"""What handsets answer by themselves to what they have just got."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.ids import new_id
from octavo.products.comms.carrier.simulated import queries, rules
from octavo.products.comms.carrier.simulated.rows import DueSms, Handset, Said
from octavo.products.comms.carrier.simulated.texts import opened

STOP, START = "STOP", "START"


async def answers_to(ctx: Context, tx: Transaction, got: Sequence[DueSms]) -> list[Said]:
    """Answers by rules on words, and the STOP and START of handsets that have had enough."""
    if not got:
        return []
    known = await queries.handsets(tx, list({(one.account_id, one.recipient) for one in got}))
    if not known:
        return []
    to_handsets = [
        (one, known[one.account_id, one.recipient]) for one in got if (one.account_id, one.recipient) in known
    ]
    before = await _heard_before(tx, [one for one, handset in to_handsets if handset.opt_out_after])
    said = []
    for one, handset in to_handsets:
        if handset.opt_out_after:
            key = (one.account_id, one.recipient, one.sender)
            if rules.opts_out(handset, before[key]):
                said += _opting_out(one, handset, ctx.now)
            before[key] += 1
        if handset.replies:
            rule = rules.reply_to(handset, opened(ctx.settings, one.account_id, one.sealed_body))
            if rule is not None:
                said.append(_answer(one, rule.reply, ctx.now + timedelta(seconds=rule.delay)))
    return said


async def _heard_before(tx: Transaction, got: Sequence[DueSms]) -> Counter[tuple[UUID, str, str]]:
    """How many messages each handset had from each sender before these, which are counted as told already."""
    now_told = Counter((one.account_id, one.recipient, one.sender) for one in got)
    before = Counter(await queries.heard(tx, list(now_told))) if now_told else Counter()
    before.subtract(now_told)
    return before


def _opting_out(one: DueSms, handset: Handset, time: datetime) -> list[Said]:
    said = [_answer(one, STOP, time)]
    if handset.opt_in_after is not None:
        said.append(_answer(one, START, time + timedelta(seconds=handset.opt_in_after)))
    return said


def _answer(one: DueSms, body: str, due: datetime) -> Said:
    return Said(one.account_id, new_id(), one.recipient, one.sender, body, [], due)
