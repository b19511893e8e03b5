"""Writing what is about to be sent, what carriers answer, tell and bring."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction, execute_in_batches
from octavo.products.comms.carrier.smpp import queries
from octavo.products.comms.carrier.smpp._statements import (
    ANSWERED,
    FATED,
    INTEND,
    MATCHED,
    NAMED,
    OLD,
    STRAY,
)
from octavo.products.comms.carrier.smpp.codes import State
from octavo.products.comms.carrier.smpp.configuration import configured_lines
from octavo.products.comms.carrier.smpp.joining import bring
from octavo.products.comms.carrier.smpp.receipts import told
from octavo.products.comms.carrier.smpp.rows import (
    Answer,
    InboundPart,
    Located,
    PartKey,
    Progress,
    SubmissionPart,
    Told,
)
from octavo.products.comms.carrier.smpp.rules import error_code, verdict
from octavo.products.comms.message.reports import take_reports
from octavo.products.comms.message.rows import Report


async def intend(tx: Transaction, parts: Sequence[SubmissionPart], time: datetime) -> list[SubmissionPart]:
    """Those of `parts` that may be sent now: the others were given to a carrier before."""
    if not parts:
        return []
    return await tx.fetch(
        SubmissionPart,
        INTEND,
        [one.account_id for one in parts],
        [one.message_id for one in parts],
        [one.part for one in parts],
        [one.line for one in parts],
        [one.sender for one in parts],
        [one.recipient for one in parts],
        time,
    )


async def take_back(ctx: Context, keys: Sequence[PartKey], *, to: str) -> None:
    """Parts that were not sent after all are `held`; those that were given up in doubt are `abandoned`."""
    await ctx.db.main.execute(
        """
        UPDATE comms.smpp_submission SET state = $4
        WHERE (account_id, message_id, part) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::smallint[]))
          AND state = 'intended'
        """,
        [key.account_id for key in keys],
        [key.message_id for key in keys],
        [key.part for key in keys],
        to,
    )


async def keep(ctx: Context, entries: Sequence[Answer | Told | InboundPart]) -> None:
    """All that lines brought, in one transaction."""
    async with ctx.db.main.transaction() as tx:
        early = await keep_answers(ctx, tx, [one for one in entries if isinstance(one, Answer)])
        receipts = [one for one in entries if isinstance(one, Told)]
        if early or receipts:
            await keep_receipts(ctx, tx, [*early, *receipts])
        await bring(ctx, tx, [one for one in entries if isinstance(one, InboundPart)])


async def keep_answers(ctx: Context, tx: Transaction, answers: Sequence[Answer]) -> list[Told]:
    """What the carriers answered, and the receipts that came before it."""
    if not answers:
        return []
    lines = configured_lines(ctx.settings)
    verdicts = [verdict(one.status) for one in answers]
    await tx.execute(
        ANSWERED,
        [one.key.account_id for one in answers],
        [one.key.message_id for one in answers],
        [one.key.part for one in answers],
        verdicts,
        [one.status for one in answers],
        [one.smsc_id for one in answers],
        [error_code(one.status) if said == "refused" else None for one, said in zip(answers, verdicts, strict=True)],
        ctx.now,
        [_ask_at(ctx.now, lines[one.line].query_seconds) if one.line in lines else None for one in answers],
    )
    named = [one for one in answers if one.smsc_key]
    if not named:
        return []
    names = [one.line for one in named], [one.smsc_key for one in named]
    await tx.execute(
        NAMED,
        *names,
        [one.key.account_id for one in named],
        [one.key.message_id for one in named],
        [one.key.part for one in named],
        ctx.now,
    )
    return await tx.fetch(Told, MATCHED, *names)


def _ask_at(now: datetime, seconds: float) -> datetime | None:
    return now + timedelta(seconds=seconds) if seconds else None


async def keep_receipts(ctx: Context, tx: Transaction, receipts: Sequence[Told]) -> None:
    """What became of parts, and so of their messages. A receipt for an unknown id waits for its answer."""
    known = await queries.located(tx, [(one.line, one.smsc_key) for one in receipts])
    strays = [one for one in receipts if (one.line, one.smsc_key) not in known]
    if strays:
        await tx.execute_many(STRAY, [[getattr(one, name) for name in Told.__struct_fields__] for one in strays])
    fates = {}
    for one in receipts:
        place = known.get((one.line, one.smsc_key))
        fate = told(State(one.state) if one.state else None, one.error)
        if place is not None and fate is not None:
            fates[place] = fate
    if fates:
        await _tell(ctx, tx, fates)


async def _tell(ctx: Context, tx: Transaction, fates: Mapping[Located, tuple[str, int | None]]) -> None:
    await tx.execute(
        FATED,
        [place.account_id for place in fates],
        [place.message_id for place in fates],
        [place.part for place in fates],
        [fate for fate, _ in fates.values()],
        [error for _, error in fates.values()],
    )
    messages = list({(place.account_id, place.message_id) for place in fates})
    reports = [_report(one, ctx.now) for one in await queries.progress(tx, messages)]
    await take_reports(ctx, tx, [one for one in reports if one is not None], carrier="smpp")


def _report(progress: Progress, at: datetime) -> Report | None:
    """A long message is there once all of its parts are, and is not once one of them is not."""
    if progress.undelivered:
        return Report(progress.account_id, progress.message_id, "undelivered", at, error_code=progress.error_code)
    if progress.delivered == progress.parts:
        return Report(progress.account_id, progress.message_id, "delivered", at)
    return None


async def match_stray(ctx: Context, part: SubmissionPart, stray: Told) -> None:
    """A receipt has turned out to be this part's: so the carrier had taken it."""
    key = PartKey(part.account_id, part.message_id, part.part)
    async with ctx.db.main.transaction() as tx:
        early = await keep_answers(ctx, tx, [Answer(key, part.line, 0, stray.smsc_key, stray.smsc_key)])
        await keep_receipts(ctx, tx, early)


async def ask_later(ctx: Context, key: PartKey, at: datetime | None) -> None:
    await ctx.db.main.execute(
        "UPDATE comms.smpp_submission SET ask_at = $4 WHERE account_id = $1 AND message_id = $2 AND part = $3",
        key.account_id,
        key.message_id,
        key.part,
        at,
    )


async def forget_old(ctx: Context, before: datetime) -> None:
    """What no receipt can be about any more."""
    for statement in OLD:
        await execute_in_batches(ctx.db.main, statement, before)
