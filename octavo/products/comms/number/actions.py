"""Buying, configuring, moving and releasing numbers."""

from typing import Any
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.events import emit
from octavo.kernel.ids import new_id
from octavo.products.comms.account.rows import Account, AccountId
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.monitor.actions import differences, note_event
from octavo.products.comms.number import queries, rules
from octavo.products.comms.number.events import AccountClosedSeen, NumberBought, NumberReleased
from octavo.products.comms.number.months import begin_months, keep_months, months_of
from octavo.products.comms.number.rows import NumberChanges, NumberId, PhoneNumber, Search
from octavo.products.comms.sids import sid

OFFERED = 20  # looked at together, before one of them is bought
_OF_ACCOUNT = (
    "user_id",
    "service_id",
    "sms_application_id",
    "voice_application_id",
    "trunk_id",
    "address_id",
    "identity_id",
    "bundle_id",
    "emergency_address_id",
)

_BELONGINGS = (
    ("sms_application_id", "comms.application", 21420),
    ("voice_application_id", "comms.application", 21420),
    ("address_id", "comms.address", 20404),
    ("emergency_address_id", "comms.address", 20404),
)


async def buy_number(ctx: Context, account: Account, number: str, changes: NumberChanges | None = None) -> PhoneNumber:
    """A number of the stock, or any other that nobody owns here. Raises CommsRefusal 21421 or 21422."""
    e164 = rules.check_buyable(number)
    kind, country = rules.kind_of(e164), rules.country_of(e164)
    assert kind is not None
    carries = rules.capabilities_of(country, kind)
    given = _checked(changes or NumberChanges())
    number_id = NumberId(new_id())
    async with ctx.db.main.transaction() as tx:
        await _check_belongings(tx, account.id, given)
        await _claim(tx, e164, account.id, number_id)
        row = {
            "account_id": account.id,
            "id": number_id,
            "number": e164,
            "country": country,
            "kind": kind,
            "friendly_name": rules.national_format(e164),
            "sms": carries.sms,
            "mms": carries.mms,
            "voice": carries.voice,
            "fax": carries.fax,
            "created_at": ctx.now,
            "updated_at": ctx.now,
            **{name: value for name, value in given.items() if name != "friendly_name" or value},
        }
        names, marks = ", ".join(row), ", ".join(f"${n}" for n in range(1, len(row) + 1))
        bought = await tx.one(
            PhoneNumber,
            f"INSERT INTO comms.number ({names}) VALUES ({marks}) RETURNING {queries.COLUMNS}",
            *row.values(),
        )
        assert bought is not None
        await begin_months(ctx, tx, bought)
        await emit(tx, NumberBought(account_id=account.id, number_id=number_id, number=e164), shard=account.id)
        await note_event(ctx, tx, account.id, "phone-number.created", resource_sid=sid("PN", number_id))
    return bought


async def buy_any_number(
    ctx: Context, account: Account, search: Search, changes: NumberChanges | None = None
) -> PhoneNumber:
    """The first number of the stock that fits. Raises CommsRefusal 21452 where there is none."""
    seed = ctx.settings.comms.number_seed
    while offered := await queries.available_numbers(ctx.db.main, seed, search, OFFERED):
        for available in offered:
            try:
                return await buy_number(ctx, account, available.number, changes)
            except CommsRefusal as refusal:
                if refusal.number != 21422:  # another was quicker; the next one will do
                    raise
    raise CommsRefusal(21452, f"No phone numbers found in area code {search.area_code}" if search.area_code else "")


async def change_number(ctx: Context, account: Account, number_id: UUID, changes: NumberChanges) -> PhoneNumber:
    """Raises CommsRefusal 20404, or another for a value that cannot be."""
    given = _checked(changes)
    if given.get("friendly_name") == "":
        del given["friendly_name"]
    given["updated_at"] = ctx.now
    assignments = ", ".join(f"{name} = ${n}" for n, name in enumerate(given, start=3))
    async with ctx.db.main.transaction() as tx:
        before = await queries.number_by_id(tx, account.id, number_id)
        await _check_belongings(tx, account.id, given)
        changed = await tx.one(
            PhoneNumber,
            f"""
            UPDATE comms.number SET {assignments} WHERE account_id = $1 AND id = $2 RETURNING {queries.COLUMNS}
            """,
            account.id,
            number_id,
            *given.values(),
        )
        if changed is None:
            raise CommsRefusal(20404)
        told = differences(before, changed, *changes.given())
        await note_event(ctx, tx, account.id, "phone-number.updated", resource_sid=sid("PN", number_id), data=told)
    return changed


async def transfer_number(ctx: Context, account: Account, number_id: UUID, to: Account) -> PhoneNumber:
    """Moves a number between accounts of one family; its addresses for webhooks go along, what names things of the
    old account does not. Raises CommsRefusal 20404 or 21473.
    """
    if (account.parent_id or account.id) != (to.parent_id or to.id):
        raise CommsRefusal(21473)
    async with ctx.db.main.transaction() as tx:
        moved = await queries.number_by_id(tx, account.id, number_id)
        months = await months_of(tx, moved)
        if not await tx.execute("DELETE FROM comms.number WHERE account_id = $1 AND id = $2", account.id, number_id):
            raise CommsRefusal(20404)  # released meanwhile
        row = {name: getattr(moved, name) for name in PhoneNumber.__struct_fields__}
        row |= dict.fromkeys(_OF_ACCOUNT) | {"account_id": to.id, "updated_at": ctx.now}
        marks = ", ".join(f"${n}" for n in range(1, len(row) + 1))
        found = await tx.one(
            PhoneNumber,
            f"INSERT INTO comms.number ({queries.COLUMNS}) VALUES ({marks}) RETURNING {queries.COLUMNS}",
            *row.values(),
        )
        assert found is not None
        await keep_months(ctx, tx, found, months)
        await tx.execute("UPDATE comms.number_directory SET account_id = $2 WHERE number = $1", moved.number, to.id)
        told = {"account_sid": {"previous": account.sid, "updated": to.sid}}
        for one in (account, to):
            await note_event(ctx, tx, one.id, "phone-number.updated", resource_sid=found.sid, data=told)
    return found


async def release_number(ctx: Context, account: Account, number_id: UUID) -> None:
    """Gives the number back, for others to buy. Raises CommsRefusal 20404."""
    async with ctx.db.main.transaction() as tx:
        number: str | None = await tx.value(
            "DELETE FROM comms.number WHERE account_id = $1 AND id = $2 RETURNING number", account.id, number_id
        )
        if number is None:
            raise CommsRefusal(20404)
        await _give_back(tx, account.id, NumberId(number_id), number)
        await note_event(ctx, tx, account.id, "phone-number.deleted", resource_sid=sid("PN", number_id))


async def forget_application(tx: Transaction, account_id: AccountId, application_id: UUID) -> None:
    """Numbers that are answered by an application that goes away are answered by their own addresses again."""
    await tx.execute(
        """
        UPDATE comms.number SET sms_application_id = nullif(sms_application_id, $2),
            voice_application_id = nullif(voice_application_id, $2)
        WHERE account_id = $1 AND $2 IN (sms_application_id, voice_application_id)
        """,
        account_id,
        application_id,
    )


async def release_of_closed(ctx: Context, tx: Transaction, seen: AccountClosedSeen) -> None:
    """A closed account keeps no numbers."""
    released = await tx.fetch(
        PhoneNumber, f"DELETE FROM comms.number WHERE account_id = $1 RETURNING {queries.COLUMNS}", seen.account_id
    )
    for one in released:
        await _give_back(tx, one.account_id, one.id, one.number)
        await note_event(ctx, tx, one.account_id, "phone-number.deleted", resource_sid=one.sid)


def _checked(changes: NumberChanges) -> dict[str, Any]:
    given = changes.given()
    rules.check_name(given.get("friendly_name", ""))
    rules.check_urls(given)
    return given


async def _check_belongings(tx: Transaction, account_id: AccountId, given: dict[str, Any]) -> None:
    """Applications and addresses are the account's own. Raises CommsRefusal 21420 or 20404."""
    for column, table, number in _BELONGINGS:
        if (wanted := given.get(column)) is not None and not await tx.value(
            f"SELECT true FROM {table} WHERE account_id = $1 AND id = $2", account_id, wanted
        ):
            raise CommsRefusal(number)


async def _give_back(tx: Transaction, account_id: AccountId, number_id: NumberId, number: str) -> None:
    await tx.execute("DELETE FROM comms.number_directory WHERE number = $1", number)
    await emit(tx, NumberReleased(account_id=account_id, number_id=number_id, number=number), shard=account_id)


async def _claim(tx: Transaction, number: str, account_id: AccountId, number_id: NumberId) -> None:
    claimed = await tx.execute(
        """
        INSERT INTO comms.number_directory (number, account_id, id) VALUES ($1, $2, $3) ON CONFLICT (number) DO NOTHING
        """,
        number,
        account_id,
        number_id,
    )
    if not claimed:
        raise CommsRefusal(21422, f"{number} is not available. Another account has it.")
