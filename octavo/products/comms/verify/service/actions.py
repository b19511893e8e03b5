"""Making services and changing them, and what belongs to them."""

from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.ids import new_id
from octavo.products.comms.account.rows import Account
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.monitor.actions import differences, note_event
from octavo.products.comms.number.rules import parse_e164
from octavo.products.comms.service.queries import service as messaging_service
from octavo.products.comms.sids import sid
from octavo.products.comms.verify.service import queries, rules
from octavo.products.comms.verify.service.rows import Route, SafeNumber, ServiceChanges, VerifyService


async def create_service(ctx: Context, account: Account, changes: ServiceChanges) -> VerifyService:
    """Raises CommsRefusal 60200 or 60228."""
    given = changes.given()
    if not given.get("friendly_name"):
        raise CommsRefusal(60200, "Missing required parameter `FriendlyName`.")
    values = rules.USUAL | rules.check_service(given)
    names = ", ".join(values)
    places = ", ".join(f"${place}" for place in range(4, 4 + len(values)))
    async with ctx.db.main.transaction() as tx:
        made = await tx.one(
            VerifyService,
            f"""
            INSERT INTO comms.verify_service (account_id, id, created_at, updated_at, {names})
            VALUES ($1, $2, $3, $3, {places}) RETURNING {queries.COLUMNS}
            """,
            account.id,
            new_id(),
            ctx.now,
            *values.values(),
        )
        assert made is not None
        await note_event(ctx, tx, account.id, "verify-service.created", resource_sid=made.sid)
    return made


async def change_service(ctx: Context, account: Account, service_id: UUID, changes: ServiceChanges) -> VerifyService:
    """Raises CommsRefusal 20404, 60200 or 60228."""
    given = rules.check_service(changes.given())
    # `||` lays what is given over a map, so that one of its fields is changed without the others.
    fields = [
        f"{name} = {name} || ${place}" if name in ("push", "whatsapp", "passkeys") else f"{name} = ${place}"
        for place, name in enumerate(given, 4)
    ]
    async with ctx.db.main.transaction() as tx:
        before = await queries.service(tx, account.id, service_id)
        changed = await tx.one(
            VerifyService,
            f"""
            UPDATE comms.verify_service SET {", ".join(["updated_at = $3", *fields])}
            WHERE account_id = $1 AND id = $2 RETURNING {queries.COLUMNS}
            """,
            account.id,
            service_id,
            ctx.now,
            *given.values(),
        )
        if changed is None:
            raise CommsRefusal(20404)
        told = differences(before, changed, *given)
        await note_event(ctx, tx, account.id, "verify-service.updated", resource_sid=changed.sid, data=told)
    return changed


async def delete_service(ctx: Context, account: Account, service_id: UUID) -> None:
    """With everything that belongs to it. Raises CommsRefusal 20404."""
    async with ctx.db.main.transaction() as tx:
        if not await tx.execute(
            "DELETE FROM comms.verify_service WHERE account_id = $1 AND id = $2", account.id, service_id
        ):
            raise CommsRefusal(20404)
        await note_event(ctx, tx, account.id, "verify-service.deleted", resource_sid=sid("VA", service_id))


async def keep_route(
    ctx: Context, account: Account, service_id: UUID, country: str, messaging_service_id: UUID
) -> Route:
    """Texts to the country go out from this Messaging Service. Raises CommsRefusal 20404 or 60200."""
    await queries.service(ctx.db.main, account.id, service_id)
    await messaging_service(ctx.db.main, account.id, messaging_service_id)
    kept = await ctx.db.main.one(
        Route,
        f"""
        INSERT INTO comms.verify_route (account_id, service_id, country, messaging_service_id, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $5)
        ON CONFLICT (account_id, service_id, country) DO UPDATE SET
            messaging_service_id = excluded.messaging_service_id, updated_at = excluded.updated_at
        RETURNING {queries.ROUTE_COLUMNS}
        """,
        account.id,
        service_id,
        rules.check_country(country),
        messaging_service_id,
        ctx.now,
    )
    assert kept is not None
    return kept


async def delete_route(ctx: Context, account: Account, service_id: UUID, country: str) -> None:
    """Raises CommsRefusal 20404."""
    if not await ctx.db.main.execute(
        "DELETE FROM comms.verify_route WHERE account_id = $1 AND service_id = $2 AND country = $3",
        account.id,
        service_id,
        country,
    ):
        raise CommsRefusal(20404)


async def trust_number(ctx: Context, account: Account, written: str) -> SafeNumber:
    """No guard against fraud stops this number from now on. Raises CommsRefusal 60200."""
    number = parse_e164(written)
    if number is None:
        raise CommsRefusal(60200, "Invalid parameter `PhoneNumber`")
    kept = await ctx.db.main.one(
        SafeNumber,
        f"""
        INSERT INTO comms.verify_safe_number (account_id, id, number, created_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (account_id, number) DO UPDATE SET number = excluded.number RETURNING {queries.SAFE_COLUMNS}
        """,
        account.id,
        new_id(),
        number,
        ctx.now,
    )
    assert kept is not None
    return kept


async def distrust_number(ctx: Context, account: Account, number: str) -> None:
    """Raises CommsRefusal 20404."""
    if not await ctx.db.main.execute(
        "DELETE FROM comms.verify_safe_number WHERE account_id = $1 AND number = $2", account.id, number
    ):
        raise CommsRefusal(20404)
