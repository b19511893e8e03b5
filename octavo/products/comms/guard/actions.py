"""Checking messages that are about to be accepted, and telling the guard what to check."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from msgspec.structs import replace

from octavo.kernel.context import Context
from octavo.kernel.db import Queryable, Transaction, execute_in_batches
from octavo.products.comms.account.rows import Account
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.guard import queries, rules
from octavo.products.comms.guard.rows import Policy, Standing, Sum, Wanted
from octavo.products.comms.monitor.actions import differences, note_event
from octavo.products.comms.number.rules import country_of
from octavo.products.comms.sids import sid


async def check_spend(
    ctx: Context, tx: Transaction, account: Account, standing: Standing, wanted: Sequence[Wanted]
) -> list[CommsRefusal | None]:
    """For each message in order why it may not go out, or None. What may is counted, where the account has caps.

    An account without caps takes no lock; of one that has them, those who accept wait for one another.
    """
    refusals = [rules.refusal_of(standing, one, ctx.now) for one in wanted]
    if standing.policy.has_caps:
        refusals = await _counted(ctx, tx, account.id, standing.policy, wanted, refusals)
    refused = [(one, refusal) for one, refusal in zip(wanted, refusals, strict=True) if refusal]
    await note_refusals(tx, account.id, refused, ctx.now)
    return refusals


async def note_refusals(
    db: Queryable, account_id: UUID, refused: Sequence[tuple[Wanted, CommsRefusal]], now: datetime
) -> None:
    """For the console: how many in the hour for which reason, by country."""
    if not refused:
        return
    kinds = [(refusal.number, country_of(one.recipient)) for one, refusal in refused]
    last = {kind: one.recipient for kind, (one, _) in zip(kinds, refused, strict=True)}
    counted = sorted(Counter(kinds).items())  # in one order, so that two who note do not wait for each other in a ring
    await db.execute(
        """
        INSERT INTO comms.guard_refusal AS r (account_id, hour, number, country, messages, recipient, last_at)
        SELECT $1, $2, number, country, messages, recipient, $3
        FROM unnest($4::integer[], $5::text[], $6::bigint[], $7::text[]) AS t (number, country, messages, recipient)
        ON CONFLICT (account_id, hour, number, country) DO UPDATE SET
            messages = r.messages + excluded.messages, recipient = excluded.recipient, last_at = excluded.last_at
        """,
        account_id,
        now.replace(minute=0, second=0, microsecond=0),
        now,
        [number for (number, _), _ in counted],
        [country for (_, country), _ in counted],
        [count for _, count in counted],
        [last[kind] for kind, _ in counted],
    )


async def forget_refusals(db: Queryable, before: datetime) -> int:
    """Remove what was refused before then; how many hours of accounts."""
    return await execute_in_batches(
        db,
        # fanout: the old ones of all accounts.
        """
        DELETE FROM comms.guard_refusal WHERE (account_id, hour, number, country) IN (
            SELECT account_id, hour, number, country FROM comms.guard_refusal /* fanout */ WHERE hour < $1 LIMIT $2
        )
        """,
        before,
    )


async def keep_policy(ctx: Context, policy: Policy) -> None:
    """What the account allows itself from now on, told by an event; other processes know within seconds."""
    async with ctx.db.main.transaction() as tx:
        before = await queries.own_policy(tx, policy.account_id) or Policy(account_id=policy.account_id)
        await _write(tx, policy, ctx.now)
        changed = differences(before, policy, *policy.__struct_fields__)
        await note_event(
            ctx, tx, policy.account_id, "guard.updated", resource_sid=_sid(policy.account_id), data=changed
        )
    ctx.engines.cache.invalidate(prefix="comms.guard:")


async def permit_countries(ctx: Context, account: Account, changes: Mapping[str, bool]) -> None:
    """Open and close countries by their letters; a sub-account begins with what its parent allows."""
    policy = await queries.policy_of(ctx.db.main, account)
    opened, closed = {one for one, is_open in changes.items() if is_open}, {one for one in changes if not changes[one]}
    allowed = None if policy.countries_allowed is None else sorted({*policy.countries_allowed, *opened} - closed)
    refused = sorted({*policy.countries_refused, *closed} - opened)
    await keep_policy(ctx, replace(policy, account_id=account.id, countries_allowed=allowed, countries_refused=refused))


async def lift_block(ctx: Context, account_id: UUID, beginning: str) -> bool:
    """Messages may go there again, which an event tells; whether anything was held back."""
    async with ctx.db.main.transaction() as tx:
        lifted = await tx.execute(
            "DELETE FROM comms.guard_block WHERE account_id = $1 AND beginning = $2", account_id, beginning
        )
        if lifted:
            told = {"beginning": beginning}
            await note_event(ctx, tx, account_id, "guard.block-lifted", resource_sid=_sid(account_id), data=told)
    ctx.engines.cache.invalidate(prefix="comms.guard:")
    return lifted > 0


async def _write(tx: Transaction, policy: Policy, now: datetime) -> None:
    await tx.execute(
        f"""
        INSERT INTO comms.guard_policy ({queries.POLICY}, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (account_id) DO UPDATE SET
            countries_allowed = excluded.countries_allowed, countries_refused = excluded.countries_refused,
            messages_per_day = excluded.messages_per_day, segments_per_day = excluded.segments_per_day,
            spend_per_day = excluded.spend_per_day, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to,
            protects = excluded.protects, updated_at = excluded.updated_at
        """,
        policy.account_id,
        policy.countries_allowed,
        policy.countries_refused,
        policy.messages_per_day,
        policy.segments_per_day,
        policy.spend_per_day,
        policy.quiet_from,
        policy.quiet_to,
        policy.protects,
        now,
    )


def _sid(account_id: UUID) -> str:
    """Events of the guard are about the account."""
    return sid("AC", account_id)


async def _counted(
    ctx: Context,
    tx: Transaction,
    account_id: UUID,
    policy: Policy,
    wanted: Sequence[Wanted],
    refusals: Sequence[CommsRefusal | None],
) -> list[CommsRefusal | None]:
    """The same refusals, with one for each message that does not fit any more; the others are counted."""
    day = ctx.now.astimezone(UTC).date()
    found = await tx.one(
        Sum,
        # It writes nothing new, but holds the row: nobody else counts before this transaction has ended.
        """
        INSERT INTO comms.guard_day AS d (account_id, day, messages, segments, spend) VALUES ($1, $2, 0, 0, 0)
        ON CONFLICT (account_id, day) DO UPDATE SET messages = d.messages RETURNING messages, segments, spend
        """,
        account_id,
        day,
    )
    assert found is not None
    verdicts, total = list(refusals), found
    for position, one in enumerate(wanted):
        if verdicts[position] is not None:
            continue
        if rules.fits(policy, total, one):
            total = Sum(total.messages + 1, total.segments + one.segments, total.spend + one.spend)
        else:
            verdicts[position] = rules.over_the_cap(ctx.now)
    await tx.execute(
        """
        UPDATE comms.guard_day SET messages = $3, segments = $4, spend = $5 WHERE account_id = $1 AND day = $2
        """,
        account_id,
        day,
        total.messages,
        total.segments,
        total.spend,
    )
    return verdicts
