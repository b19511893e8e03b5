"""Taking credentials, naming them, and forgetting them."""

from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.ids import new_id
from octavo.kernel.secrets import seal
from octavo.products.comms.account.rows import Account
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.credential import queries, rules
from octavo.products.comms.credential.rows import Credential, Kind
from octavo.products.comms.monitor.actions import note_event
from octavo.products.comms.sids import sid

SEALED = "comms.credential"  # what sealed content is bound to, with the credential's id


async def keep_credential(ctx: Context, account: Account, kind: Kind, content: str, name: str) -> Credential:
    """Raises CommsRefusal 20001."""
    rules.check_credential(kind, content, name)
    credential_id = new_id()
    async with ctx.db.main.transaction() as tx:
        kept = await tx.one(
            Credential,
            f"""
            INSERT INTO comms.credential (account_id, id, kind, friendly_name, sealed_content, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING {queries.COLUMNS}
            """,
            account.id,
            credential_id,
            kind,
            name,
            seal(ctx.settings, content.encode(), context=f"{SEALED}:{credential_id}"),
            ctx.now,
        )
        assert kept is not None
        await note_event(ctx, tx, account.id, "credential.created", resource_sid=kept.sid)
    return kept


async def rename_credential(ctx: Context, account: Account, kind: Kind, credential_id: UUID, name: str) -> Credential:
    """Raises CommsRefusal 20404 or 20001."""
    if len(name) > rules.LONGEST_NAME:
        raise CommsRefusal(20001, f"FriendlyName is too long: it has at most {rules.LONGEST_NAME} characters.")
    async with ctx.db.main.transaction() as tx:
        renamed = await tx.one(
            Credential,
            f"""
            UPDATE comms.credential SET friendly_name = $4, updated_at = $5
            WHERE account_id = $1 AND kind = $2 AND id = $3 RETURNING {queries.COLUMNS}
            """,
            account.id,
            kind,
            credential_id,
            name,
            ctx.now,
        )
        if renamed is None:
            raise CommsRefusal(20404)
        await note_event(ctx, tx, account.id, "credential.updated", resource_sid=renamed.sid)
    return renamed


async def forget_credential(ctx: Context, account: Account, kind: Kind, credential_id: UUID) -> None:
    """Raises CommsRefusal 20404."""
    async with ctx.db.main.transaction() as tx:
        if not await tx.execute(
            "DELETE FROM comms.credential WHERE account_id = $1 AND kind = $2 AND id = $3",
            account.id,
            kind,
            credential_id,
        ):
            raise CommsRefusal(20404)
        await note_event(ctx, tx, account.id, "credential.deleted", resource_sid=sid("CR", credential_id))
