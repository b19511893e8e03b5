"""Counting tries at a password before they run, and taking back what turned out right."""

from collections.abc import Sequence
from datetime import datetime

from octavo.kernel.context import Context
from octavo.kernel.db import Queryable, Transaction, execute_in_batches
from octavo.kernel.identity.attempt import rules
from octavo.kernel.identity.attempt.keys import keys_of_caller
from octavo.kernel.identity.attempt.queries import attempts
from octavo.kernel.identity.attempt.rows import Attempts


async def count_attempt(ctx: Context, keys: Sequence[str]) -> None:
    """Count a try that is about to run. Raises TooManyAttempts instead while one of the keys has to wait.

    Counting first means that a hundred guesses sent at once are a hundred counts, not one.
    """
    async with ctx.db.user.transaction() as tx:
        # One order for all keeps two tries from waiting for each other's rows.
        counted = [await _locked_attempts(tx, key, ctx.now) for key in sorted(keys)]
        rules.check_may_try(counted, ctx.now)
        await tx.execute(
            "UPDATE identity.attempt SET failures = failures + 1, last_at = $2 WHERE attempt_key = ANY($1::text[])",
            list(keys),
            ctx.now,
        )


async def _locked_attempts(tx: Transaction, key: str, now: datetime) -> Attempts:
    """The count under this key, made if need be, forgotten if old, and ours until the transaction ends."""
    counted = await tx.one(
        Attempts,
        """
        INSERT INTO identity.attempt AS a (attempt_key, failures, last_at) VALUES ($1, 0, $2)
        ON CONFLICT (attempt_key) DO UPDATE SET failures = CASE WHEN a.last_at < $3 THEN 0 ELSE a.failures END
        RETURNING attempt_key, failures, last_at
        """,
        key,
        now,
        now - rules.FORGOTTEN_AFTER,
    )
    assert counted is not None
    return counted


async def forgive_attempt(tx: Transaction, keys: Sequence[str]) -> None:
    """The try was right: this person at this place starts afresh, and the wider counts lose this try."""
    # In the order of count_attempt, or two tries could wait for each other's rows.
    await tx.execute(
        "SELECT FROM identity.attempt WHERE attempt_key = ANY($1::text[]) ORDER BY attempt_key FOR UPDATE", list(keys)
    )
    pairs = [key for key in keys if key.startswith("pair:")]
    wider = [key for key in keys if not key.startswith("pair:")]
    await tx.execute("DELETE FROM identity.attempt WHERE attempt_key = ANY($1::text[])", pairs)
    await tx.execute(
        "UPDATE identity.attempt SET failures = greatest(failures - 1, 0) WHERE attempt_key = ANY($1::text[])", wider
    )


async def check_caller(ctx: Context, name: str, address: str) -> None:
    """Raises TooManyAttempts while a program of that name at that address, or the address, has failed too often."""
    keys = keys_of_caller(ctx.settings, name, address)
    rules.check_may_try(await attempts(ctx.db.user, keys), ctx.now)


async def count_wrong_caller(ctx: Context, name: str, address: str) -> None:
    """Count a program's call with wrong credentials. Right ones cost nothing, and undo nothing."""
    await ctx.db.user.execute(
        """
        INSERT INTO identity.attempt AS a (attempt_key, failures, last_at)
        SELECT attempt_key, 1, $2 FROM unnest($1::text[]) AS t (attempt_key)
        ON CONFLICT (attempt_key) DO UPDATE SET
            failures = 1 + CASE WHEN a.last_at < $3 THEN 0 ELSE a.failures END, last_at = $2
        """,
        sorted(keys_of_caller(ctx.settings, name, address)),  # one order for all, as in count_attempt
        ctx.now,
        ctx.now - rules.CALLERS_FORGOTTEN_AFTER,
    )


async def forgive_login(db: Queryable, login_hash: str) -> None:
    """Lift every wait of one login, wherever its tries came from. The wider counts of addresses stay."""
    await db.execute(
        # An operator's rare command, over a directory's key prefix; in the order of count_attempt.
        """
        WITH forgiven AS (
            SELECT attempt_key FROM identity.attempt
            WHERE attempt_key = 'login:' || $1 OR starts_with(attempt_key, 'pair:' || $1 || ':') /* fanout */
            ORDER BY attempt_key FOR UPDATE
        )
        DELETE FROM identity.attempt WHERE attempt_key IN (SELECT attempt_key FROM forgiven)
        """,
        login_hash,
    )


async def forget_attempts(db: Queryable, *, before: datetime) -> int:
    # Retention is by age over everyone.
    return await execute_in_batches(
        db,
        """
        DELETE FROM identity.attempt /* fanout */ WHERE last_at < $1 AND attempt_key IN (
            SELECT attempt_key FROM identity.attempt /* fanout */ WHERE last_at < $1 ORDER BY last_at LIMIT $2
        )
        """,
        before,
    )
