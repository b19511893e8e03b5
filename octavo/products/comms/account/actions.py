"""Opening accounts, changing them, and giving out their keys."""

import secrets
from datetime import timedelta
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.events import emit
from octavo.kernel.ids import new_id
from octavo.kernel.jobs import enqueue
from octavo.kernel.secrets import seal
from octavo.products.comms.account import queries, rules
from octavo.products.comms.account.events import AccountClosed
from octavo.products.comms.account.rows import Account, AccountId, ApiKey, NewAccount, NewApiKey, Status
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.message.jobs import SealTexts, seal_texts
from octavo.products.comms.monitor.actions import differences, note_event
from octavo.products.comms.sids import sid


async def create_account(
    ctx: Context,
    *,
    name: str = "",
    owner_id: UUID | None = None,
    parent: Account | None = None,
    encrypt_bodies: bool = False,
) -> NewAccount:
    """An account with its tokens, or a sub-account of `parent`, which encrypts where that does. Raises CommsRefusal."""
    if parent is not None and parent.parent_id is not None:
        raise CommsRefusal(20001, "A sub-account has no sub-accounts of its own.")
    account_id, test_id = AccountId(new_id()), new_id()
    token, test_token = secrets.token_hex(16), secrets.token_hex(16)
    account = Account(
        id=account_id,
        parent_id=parent.id if parent else None,
        owner_id=parent.owner_id if parent else owner_id,
        friendly_name=rules.checked_name(name) or f"SubAccount Created at {ctx.now:%Y-%m-%d %I:%M %p}",
        status="active",
        type="Full",
        encrypt_bodies=parent.encrypt_bodies if parent else encrypt_bodies,
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    async with ctx.db.main.transaction() as tx:
        await _insert(ctx, tx, account, token, test_id, test_token)
        await note_event(ctx, tx, account.parent_id or account.id, "account.created", resource_sid=account.sid)
    return NewAccount(account, token, sid("AC", test_id), test_token)


async def _insert(ctx: Context, tx: Transaction, account: Account, token: str, test_id: UUID, test_token: str) -> None:
    context = f"{queries.TOKEN}:{account.id}"
    await tx.execute(
        """
        INSERT INTO comms.account (account_id, parent_id, owner_id, friendly_name, encrypt_bodies, sealed_token,
            test_account_id, sealed_test_token, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
        """,
        account.id,
        account.parent_id,
        account.owner_id,
        account.friendly_name,
        account.encrypt_bodies,
        seal(ctx.settings, token.encode(), context=context),
        test_id,
        seal(ctx.settings, test_token.encode(), context=context),
        ctx.now,
    )
    await tx.execute(
        "INSERT INTO comms.test_account (test_account_id, account_id) VALUES ($1, $2)", test_id, account.id
    )


async def change_account(
    ctx: Context,
    account: Account,
    *,
    name: str | None = None,
    status: Status | None = None,
    encrypt_bodies: bool | None = None,
) -> Account:
    """Rename, suspend, open again or close; have texts encrypted, those that are there too. Raises CommsRefusal."""
    if status is not None:
        rules.may_become(account, status)
    async with ctx.db.main.transaction() as tx:
        changed = await tx.one(
            Account,
            f"""
            UPDATE comms.account SET friendly_name = coalesce($2, friendly_name), status = coalesce($3, status),
                encrypt_bodies = coalesce($4, encrypt_bodies), updated_at = $5
            WHERE account_id = $1 AND (status <> 'closed' OR $3::text IS NULL OR $3 = 'closed')
            RETURNING {queries.ACCOUNT_COLUMNS}
            """,
            account.id,
            (rules.checked_name(name) or None) if name is not None else None,
            status,
            encrypt_bodies,
            ctx.now,
        )
        if changed is None:
            raise CommsRefusal(20001, "A closed account cannot be opened again.")
        if changed.status == "closed" and account.status != "closed":
            await emit(tx, AccountClosed(account_id=account.id), shard=account.id)
        if changed.encrypt_bodies and not account.encrypt_bodies:
            await _seal_texts(ctx, tx, account.id)
        told = differences(account, changed, "friendly_name", "status", "encrypt_bodies")
        await note_event(ctx, tx, account.id, "account.updated", resource_sid=account.sid, data=told)
        tx.after_commit(lambda: forget_cached(ctx, account.id))
    return changed


async def _seal_texts(ctx: Context, tx: Transaction, account_id: UUID) -> None:
    """Once every process knows that new texts are to be encrypted, those that are there are."""
    due = ctx.now + timedelta(seconds=2 * queries.SECONDS_CACHED)
    await enqueue(tx, seal_texts, SealTexts(account_id), due=due, key=str(account_id))


async def create_key(ctx: Context, account: Account, *, name: str = "") -> NewApiKey:
    """A standard key: it opens everything but accounts and keys. Its secret is shown once."""
    secret = secrets.token_urlsafe(24)
    key = ApiKey(account.id, new_id(), rules.checked_name(name), "standard", ctx.now, ctx.now)
    async with ctx.db.main.transaction() as tx:
        await tx.execute(
            """
            INSERT INTO comms.api_key (account_id, id, friendly_name, kind, sealed_secret, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $6)
            """,
            account.id,
            key.id,
            key.friendly_name,
            key.kind,
            seal(ctx.settings, secret.encode(), context=f"{queries.KEY}:{account.id}"),
            ctx.now,
        )
        await tx.execute("INSERT INTO comms.api_key_directory (id, account_id) VALUES ($1, $2)", key.id, account.id)
        await note_event(ctx, tx, account.id, "api-key.created", resource_sid=key.sid)
    return NewApiKey(key, secret)


async def rename_key(ctx: Context, account: Account, key_id: UUID, name: str) -> ApiKey:
    async with ctx.db.main.transaction() as tx:
        before = await queries.api_key(tx, account.id, key_id)
        renamed = await tx.one(
            ApiKey,
            f"""
            UPDATE comms.api_key SET friendly_name = $3, updated_at = $4 WHERE account_id = $1 AND id = $2
            RETURNING {queries.KEY_COLUMNS}
            """,
            account.id,
            key_id,
            rules.checked_name(name),
            ctx.now,
        )
        if renamed is None:
            raise CommsRefusal(20404)
        told = differences(before, renamed, "friendly_name")
        await note_event(ctx, tx, account.id, "api-key.updated", resource_sid=renamed.sid, data=told)
    return renamed


async def delete_key(ctx: Context, account: Account, key_id: UUID) -> None:
    """Nobody gets in with it any more: here at once, in other processes within five seconds."""
    async with ctx.db.main.transaction() as tx:
        if not await tx.execute("DELETE FROM comms.api_key WHERE account_id = $1 AND id = $2", account.id, key_id):
            raise CommsRefusal(20404)
        await tx.execute("DELETE FROM comms.api_key_directory WHERE id = $1", key_id)
        await note_event(ctx, tx, account.id, "api-key.deleted", resource_sid=sid("SK", key_id))
        tx.after_commit(lambda: ctx.engines.cache.invalidate(prefix="comms.caller:"))


async def create_secondary_token(ctx: Context, account: Account) -> str:
    """A second auth token that opens the account too, to be promoted once all programs know it."""
    token = secrets.token_hex(16)
    async with ctx.db.main.transaction() as tx:
        await tx.execute(
            """
            UPDATE comms.account SET sealed_secondary_token = $2, secondary_since = $3, updated_at = $3
            WHERE account_id = $1
            """,
            account.id,
            seal(ctx.settings, token.encode(), context=f"{queries.TOKEN}:{account.id}"),
            ctx.now,
        )
        await note_event(ctx, tx, account.id, "secondary-auth-token.created", resource_sid=account.sid)
    return token


async def promote_secondary_token(ctx: Context, account: Account) -> None:
    """The secondary token becomes the only one. Raises CommsRefusal 20404 where there is none."""
    async with ctx.db.main.transaction() as tx:
        promoted = await tx.execute(
            """
            UPDATE comms.account SET sealed_token = sealed_secondary_token, sealed_secondary_token = NULL,
                secondary_since = NULL, updated_at = $2
            WHERE account_id = $1 AND sealed_secondary_token IS NOT NULL
            """,
            account.id,
            ctx.now,
        )
        if not promoted:
            raise CommsRefusal(20404, "There is no secondary auth token to promote.")
        await note_event(ctx, tx, account.id, "secondary-auth-token.promoted", resource_sid=account.sid)
        tx.after_commit(lambda: forget_cached(ctx, account.id))


async def delete_secondary_token(ctx: Context, account: Account) -> None:
    async with ctx.db.main.transaction() as tx:
        deleted = await tx.execute(
            """
            UPDATE comms.account SET sealed_secondary_token = NULL, secondary_since = NULL, updated_at = $2
            WHERE account_id = $1 AND sealed_secondary_token IS NOT NULL
            """,
            account.id,
            ctx.now,
        )
        if deleted:
            await note_event(ctx, tx, account.id, "secondary-auth-token.deleted", resource_sid=account.sid)
        tx.after_commit(lambda: forget_cached(ctx, account.id))


def forget_cached(ctx: Context, account_id: UUID) -> None:
    """In this process; others look again within five seconds."""
    ctx.engines.cache.invalidate(f"comms.account:{account_id}")
    ctx.engines.cache.invalidate(f"comms.token:{account_id}")
    ctx.engines.cache.invalidate(prefix="comms.caller:")
