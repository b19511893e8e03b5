"""Writing what is about to be sent, what carriers answer, tell and bring."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.ids import new_id
from octavo.products.comms.carrier.protocol import Arrived
from octavo.products.comms.carrier.smpp import queries
from octavo.products.comms.carrier.smpp.codes import State
from octavo.products.comms.carrier.smpp.configuration import configured_lines
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
from octavo.products.comms.inbound.actions import receive_many
from octavo.products.comms.message.reports import take_reports
from octavo.products.comms.message.rows import Report

_INTEND = """
    INSERT INTO comms.smpp_submission AS s (account_id, message_id, part, line, sender, recipient, state, intended_at)
    SELECT account_id, message_id, part, line, sender, recipient, 'intended', $7
    FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::text[], $5::text[], $6::text[])
        AS t (account_id, message_id, part, line, sender, recipient)
    ON CONFLICT (account_id, message_id, part) DO UPDATE SET
        state = 'intended', line = excluded.line, sender = excluded.sender, intended_at = excluded.intended_at
    WHERE s.state = 'held'
    RETURNING s.account_id, s.message_id, s.part, s.line, s.sender, s.recipient, s.state, s.status, s.smsc_id,
        s.intended_at
"""
_ANSWERED = """
    UPDATE comms.smpp_submission AS s SET
        state = t.state, status = t.status, smsc_id = t.smsc_id, error_code = t.error_code, answered_at = $8,
        ask_at = CASE WHEN t.smsc_id = '' THEN NULL ELSE t.ask_at END
    FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::text[], $5::integer[], $6::text[], $7::integer[],
        $9::timestamptz[]) AS t (account_id, message_id, part, state, status, smsc_id, error_code, ask_at)
    WHERE s.account_id = t.account_id AND s.message_id = t.message_id AND s.part = t.part
"""
_NAMED = """
    INSERT INTO comms.smpp_message_id AS i (line, smsc_key, account_id, message_id, part, created_at)
    SELECT DISTINCT ON (line, smsc_key) line, smsc_key, account_id, message_id, part, $6
    FROM unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::smallint[])
        AS t (line, smsc_key, account_id, message_id, part)
    ON CONFLICT (line, smsc_key) DO UPDATE SET
        account_id = excluded.account_id, message_id = excluded.message_id, part = excluded.part,
        created_at = excluded.created_at
"""
_MATCHED = f"""
    DELETE FROM comms.smpp_stray WHERE (line, smsc_key) IN (SELECT * FROM unnest($1::text[], $2::text[]))
    RETURNING {queries.STRAY}
"""
_STRAY = """
    INSERT INTO comms.smpp_stray AS s (line, smsc_key, sender, recipient, state, error, reference, arrived_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (line, smsc_key) DO UPDATE SET state = excluded.state, error = excluded.error
"""
_FATED = """
    UPDATE comms.smpp_submission AS s SET fate = t.fate, error_code = t.error_code, ask_at = NULL
    FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::text[], $5::integer[])
        AS t (account_id, message_id, part, fate, error_code)
    WHERE s.account_id = t.account_id AND s.message_id = t.message_id AND s.part = t.part AND s.fate IS NULL
"""
_ARRIVED_PART = """
    INSERT INTO comms.smpp_inbound_part (line, sender, recipient, reference, total, part, body, arrived_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING
"""


async def intend(tx: Transaction, parts: Sequence[SubmissionPart]) -> list[SubmissionPart]:
    """Those of `parts` that may be sent now: the others were given to a carrier before."""
    if not parts:
        return []
    return await tx.fetch(
        SubmissionPart,
        _INTEND,
        [one.account_id for one in parts],
        [one.message_id for one in parts],
        [one.part for one in parts],
        [one.line for one in parts],
        [one.sender for one in parts],
        [one.recipient for one in parts],
        parts[0].intended_at,
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
        await _bring(ctx, tx, [one for one in entries if isinstance(one, InboundPart)])


async def keep_answers(ctx: Context, tx: Transaction, answers: Sequence[Answer]) -> list[Told]:
    """What the carriers answered, and the receipts that came before it."""
    if not answers:
        return []
    lines = configured_lines(ctx.settings)
    verdicts = [verdict(one.status) for one in answers]
    await tx.execute(
        _ANSWERED,
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
    names = [one.line for one in named], [one.smsc_key for one in named]
    await tx.execute(
        _NAMED,
        *names,
        [one.key.account_id for one in named],
        [one.key.message_id for one in named],
        [one.key.part for one in named],
        ctx.now,
    )
    return await tx.fetch(Told, _MATCHED, *names)


def _ask_at(now: datetime, seconds: float) -> datetime | None:
    return now + timedelta(seconds=seconds) if seconds else None


async def keep_receipts(ctx: Context, tx: Transaction, receipts: Sequence[Told]) -> None:
    """What became of parts, and so of their messages. A receipt for an unknown id waits for its answer."""
    known = await queries.located(tx, [(one.line, one.smsc_key) for one in receipts])
    await tx.execute_many(
        _STRAY,
        [
            (one.line, one.smsc_key, one.sender, one.recipient, one.state, one.error, one.reference, one.arrived_at)
            for one in receipts
            if (one.line, one.smsc_key) not in known
        ],
    )
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
        _FATED,
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


async def _bring(ctx: Context, tx: Transaction, arrived: Sequence[InboundPart]) -> None:
    """Messages that came in; the parts of long ones wait for each other."""
    whole = []
    for one in arrived:
        if one.total == 1:
            whole.append(_message(one, one.body))
            continue
        await tx.execute(_ARRIVED_PART, *(getattr(one, name) for name in InboundPart.__struct_fields__))
        here = await queries.inbound_parts(tx, one)
        if len(here) == one.total:
            whole.append(_message(one, "".join(part.body for part in here)))
            await forget_inbound(tx, one)
    await receive_many(ctx, tx, whole)


def _message(part: InboundPart, body: str) -> Arrived:
    # SMPP gives what comes in no id of its own, so each delivery is a message.
    return Arrived("smpp", f"{part.line}:{new_id().hex}", part.sender, part.recipient, body, (), part.arrived_at)


async def forget_inbound(tx: Transaction, part: InboundPart) -> None:
    await tx.execute(
        """
        DELETE FROM comms.smpp_inbound_part
        WHERE line = $1 AND sender = $2 AND recipient = $3 AND reference = $4 AND total = $5
        """,
        part.line,
        part.sender,
        part.recipient,
        part.reference,
        part.total,
    )


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
    db = ctx.db.main
    await db.execute("DELETE FROM comms.smpp_submission /* fanout: by age */ WHERE intended_at < $1", before)
    await db.execute("DELETE FROM comms.smpp_message_id /* fanout: by age */ WHERE created_at < $1", before)
    await db.execute("DELETE FROM comms.smpp_stray /* fanout: by age */ WHERE arrived_at < $1", before)


async def bring_incomplete(ctx: Context, before: datetime) -> None:
    """Long messages of which parts never came are brought as far as they are here."""
    async with ctx.db.main.transaction() as tx:
        late = await queries.late_inbound(tx, before)
        for one in late:
            here = await queries.inbound_parts(tx, one)
            await receive_many(ctx, tx, [_message(one, "".join(part.body for part in here))])
            await forget_inbound(tx, one)
