"""Making applications, changing them and taking them away."""

from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.ids import new_id
from octavo.products.comms.account.rows import Account
from octavo.products.comms.application import queries
from octavo.products.comms.application.rows import Application, ApplicationChanges
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.monitor.actions import differences, note_event
from octavo.products.comms.number.actions import forget_application
from octavo.products.comms.number.rules import check_name, check_urls
from octavo.products.comms.sids import sid

API_VERSION = "2010-04-01"


async def create_application(ctx: Context, account: Account, changes: ApplicationChanges) -> Application:
    """Raises CommsRefusal for a value that cannot be."""
    application_id = new_id()
    row = {
        "account_id": account.id,
        "id": application_id,
        "friendly_name": f"Application of {ctx.now:%Y-%m-%d %H:%M}",
        "api_version": API_VERSION,
        "created_at": ctx.now,
        "updated_at": ctx.now,
        **_checked(changes),
    }
    names, marks = ", ".join(row), ", ".join(f"${n}" for n in range(1, len(row) + 1))
    async with ctx.db.main.transaction() as tx:
        made = await tx.one(
            Application,
            f"INSERT INTO comms.application ({names}) VALUES ({marks}) RETURNING {queries.COLUMNS}",
            *row.values(),
        )
        assert made is not None
        await note_event(ctx, tx, account.id, "application.created", resource_sid=made.sid)
    return made


async def change_application(
    ctx: Context, account: Account, application_id: UUID, changes: ApplicationChanges
) -> Application:
    """Raises CommsRefusal 20404, or another for a value that cannot be."""
    given = _checked(changes) | {"updated_at": ctx.now}
    assignments = ", ".join(f"{name} = ${n}" for n, name in enumerate(given, start=3))
    async with ctx.db.main.transaction() as tx:
        before = await queries.application(tx, account.id, application_id)
        changed = await tx.one(
            Application,
            f"""
            UPDATE comms.application SET {assignments} WHERE account_id = $1 AND id = $2 RETURNING {queries.COLUMNS}
            """,
            account.id,
            application_id,
            *given.values(),
        )
        if changed is None:
            raise CommsRefusal(20404)
        told = differences(before, changed, *changes.given())
        await note_event(ctx, tx, account.id, "application.updated", resource_sid=changed.sid, data=told)
    return changed


async def delete_application(ctx: Context, account: Account, application_id: UUID) -> None:
    """Numbers that named it are answered by their own addresses again. Raises CommsRefusal 20404."""
    async with ctx.db.main.transaction() as tx:
        if not await tx.execute(
            "DELETE FROM comms.application WHERE account_id = $1 AND id = $2", account.id, application_id
        ):
            raise CommsRefusal(20404)
        await forget_application(tx, account.id, application_id)
        await note_event(ctx, tx, account.id, "application.deleted", resource_sid=sid("AP", application_id))


def _checked(changes: ApplicationChanges) -> dict[str, object]:
    given = changes.given()
    if not check_name(given.get("friendly_name", "")):
        given.pop("friendly_name", None)  # a blank name changes nothing
    check_urls(given)
    return given
