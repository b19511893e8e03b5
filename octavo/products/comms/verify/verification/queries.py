"""Finding verifications, and what became of them."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from octavo.kernel.context import Context
from octavo.kernel.db import Queryable
from octavo.kernel.secrets import unseal
from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.paging import Keyset, PageRequest, Slice, page_by_id
from octavo.products.comms.verify.verification.rows import Attempt, HeardCall, Summary, Verification

COLUMNS = ", ".join(Verification.__struct_fields__)
# With what became of the text, where it was one.
ATTEMPTS = """
    SELECT a.account_id, a.id, a.service_id, a.verification_id, a.recipient, a.channel, a.country, a.locale,
        a.code_length, a.converted, a.expired, m.status AS message_status, m.error_code, a.created_at, a.updated_at
    FROM comms.verification_attempt a
    LEFT JOIN comms.message m ON m.account_id = a.account_id AND m.id = a.message_id
"""
WORDS = "comms.verification_words"
_CONDITIONS = """
    a.account_id = $1 AND ($2::uuid IS NULL OR a.service_id = $2)
    AND ($3::timestamptz IS NULL OR a.created_at >= $3) AND ($4::timestamptz IS NULL OR a.created_at < $4)
    AND ($5::text IS NULL OR a.country = $5) AND ($6::text IS NULL OR a.channel = $6)
    AND ($7::text IS NULL OR starts_with(a.recipient, $7))
"""
_ATTEMPTS = Keyset(
    f"""
    {ATTEMPTS} WHERE {_CONDITIONS} AND ($8::uuid IS NULL OR a.verification_id = $8)
      AND ($9::boolean IS NULL OR a.converted = $9)
    """,
    id="a.id",
)


class AttemptFilter(Struct, frozen=True, kw_only=True):
    """Which attempts; `prefix` is what the recipient begins with."""

    service_id: UUID | None = None
    after: datetime | None = None
    before: datetime | None = None
    country: str | None = None
    channel: str | None = None
    prefix: str | None = None
    verification_id: UUID | None = None
    converted: bool | None = None

    @property
    def shared(self) -> tuple[object, ...]:
        return (
            self.service_id,
            self.after,
            self.before,
            self.country or None,
            self.channel or None,
            self.prefix or None,
        )


async def open_verification(
    db: Queryable, account_id: AccountId, service_id: UUID, verification_id: UUID, now: datetime, *, hold: bool = False
) -> Verification:
    """One that has not come to its end; with `hold` it comes to none until the transaction ends.

    Raises CommsRefusal 20404: those that have are forgotten.
    """
    found = await db.one(
        Verification,
        f"""
        SELECT {COLUMNS} FROM comms.verification
        WHERE account_id = $1 AND service_id = $2 AND id = $3 AND status IN ('pending', 'max_attempts_reached')
          AND expires_at > $4 {"FOR UPDATE" if hold else ""}
        """,
        account_id,
        service_id,
        verification_id,
        now,
    )
    if found is None:
        raise CommsRefusal(20404)
    return found


async def attempts_of(db: Queryable, account_id: AccountId, verification_id: UUID) -> list[Attempt]:
    """Oldest first."""
    return await db.fetch(
        Attempt,
        f"{ATTEMPTS} WHERE a.account_id = $1 AND a.verification_id = $2 ORDER BY a.id",
        account_id,
        verification_id,
    )


async def attempt(db: Queryable, account_id: AccountId, attempt_id: UUID) -> Attempt:
    """Raises CommsRefusal 20404."""
    found = await db.one(
        Attempt,
        f"{ATTEMPTS} WHERE a.account_id = $1 AND a.id = $2",
        account_id,
        attempt_id,
    )
    if found is None:
        raise CommsRefusal(20404)
    return found


async def attempts(db: Queryable, account_id: AccountId, which: AttemptFilter, page: PageRequest) -> Slice[Attempt]:
    return await page_by_id(
        db, Attempt, _ATTEMPTS, account_id, *which.shared, which.verification_id, which.converted, page=page
    )


async def summary(db: Queryable, account_id: AccountId, which: AttemptFilter) -> Summary:
    found = await db.one(
        Summary,
        f"""
        SELECT count(*) AS total, count(*) FILTER (WHERE a.converted) AS converted
        FROM comms.verification_attempt a WHERE {_CONDITIONS} AND a.account_id = $1
        """,
        account_id,
        *which.shared,
    )
    assert found is not None
    return found


class _Sealed(Struct, frozen=True):
    id: UUID
    recipient: str
    sealed_words: bytes
    created_at: datetime


async def calls_heard(ctx: Context, account_id: AccountId, number: str) -> list[HeardCall]:
    """What the handset of a number hears in the calls that it can still answer, the newest first."""
    found = await ctx.db.main.fetch(
        _Sealed,
        """
        SELECT id, recipient, sealed_words, created_at FROM comms.verification_attempt
        WHERE account_id = $1 AND recipient = $2 AND sealed_words IS NOT NULL ORDER BY id DESC LIMIT 20
        """,
        account_id,
        number,
    )
    return [
        HeardCall(
            one.id,
            one.recipient,
            unseal(ctx.settings, one.sealed_words, context=f"{WORDS}:{one.id}").decode(),
            one.created_at,
        )
        for one in found
    ]
