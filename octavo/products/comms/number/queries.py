"""Finding numbers: an account's own, whoever owns one, and those nobody has."""

import secrets
from collections.abc import Sequence
from itertools import islice
from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.number.inventory import STRETCHES, matching
from octavo.products.comms.number.rows import Available, PhoneNumber, Search
from octavo.products.comms.paging import Keyset, PageRequest, Slice, page_by_id

COLUMNS = ", ".join(PhoneNumber.__struct_fields__)
_NUMBERS = Keyset(
    f"""
    SELECT {COLUMNS} FROM comms.number
    WHERE account_id = $1 AND ($2::text IS NULL OR kind = $2) AND ($3::text IS NULL OR number LIKE $3)
      AND ($4::text IS NULL OR friendly_name = $4)
    """
)
LOOKED_AT_ONCE = 60
STRETCHES_LOOKED_AT = 3
PLENTY = 500  # a search that finds fewer in a stretch finds hardly others elsewhere


async def owned_number(db: Queryable, account_id: AccountId, number: str) -> PhoneNumber | None:
    """The account's own number."""
    return await db.one(
        PhoneNumber,
        f"SELECT {COLUMNS} FROM comms.number WHERE account_id = $1 AND number = $2",
        account_id,
        number,
    )


async def text_number(db: Queryable, account_id: AccountId, *, other_than: str = "") -> str | None:
    """The account's newest number that carries texts."""
    found: str | None = await db.value(
        "SELECT number FROM comms.number WHERE account_id = $1 AND sms AND number <> $2 ORDER BY id DESC LIMIT 1",
        account_id,
        other_than,
    )
    return found


async def number_by_e164(db: Queryable, number: str) -> PhoneNumber | None:
    """The number whoever has it: what arrives names only the number."""
    account_id: UUID | None = await db.value("SELECT account_id FROM comms.number_directory WHERE number = $1", number)
    return await owned_number(db, AccountId(account_id), number) if account_id else None


async def numbers_by_e164(db: Queryable, wanted: Sequence[str]) -> dict[str, PhoneNumber]:
    """The same for many at once: those of them that somebody here has."""
    found = await db.fetch(
        PhoneNumber,
        f"""
        SELECT {COLUMNS} FROM comms.number WHERE (account_id, number) IN (
            SELECT account_id, number FROM comms.number_directory WHERE number = ANY($1)
        )
        """,
        list(wanted),
    )
    return {one.number: one for one in found}


async def number_by_id(db: Queryable, account_id: AccountId, number_id: UUID) -> PhoneNumber:
    """Raises CommsRefusal 20404."""
    found = await db.one(
        PhoneNumber, f"SELECT {COLUMNS} FROM comms.number WHERE account_id = $1 AND id = $2", account_id, number_id
    )
    if found is None:
        raise CommsRefusal(20404)
    return found


async def numbers(
    db: Queryable,
    account_id: AccountId,
    page: PageRequest,
    *,
    kind: str | None = None,
    contains: str | None = None,
    friendly_name: str | None = None,
) -> Slice[PhoneNumber]:
    """An account's numbers, newest first. `contains` may have `*` for any digits."""
    like = f"%{contains.replace('%', '').replace('_', '').replace('*', '%')}%" if contains else None
    return await page_by_id(db, PhoneNumber, _NUMBERS, account_id, kind, like, friendly_name or None, page=page)


async def available_numbers(db: Queryable, seed: str, search: Search, most: int) -> list[Available]:
    """Numbers of the stock that nobody owns. They come from its first stretch, the same for everybody, for as long as
    that lasts, and then from anywhere in it.
    """
    found: dict[str, Available] = {}
    for stretch in (0, *(secrets.randbelow(STRETCHES) for _ in range(STRETCHES_LOOKED_AT))):
        stock, looked_at = matching(seed, search, stretch), 0
        while len(found) < most and (some := list(islice(stock, LOOKED_AT_ONCE))):
            looked_at += len(some)
            taken = await _taken(db, [one.number for one in some])
            found |= {one.number: one for one in some if one.number not in taken}
        if len(found) >= most or looked_at < PLENTY:
            break
    return list(found.values())[:most]


async def _taken(db: Queryable, some: Sequence[str]) -> set[str]:
    return set(await db.column("SELECT number FROM comms.number_directory WHERE number = ANY($1)", list(some)))
