"""Finding accounts, their keys, and their secrets."""

from uuid import UUID

from octavo.kernel.context import Engines
from octavo.kernel.db import Queryable
from octavo.kernel.secrets import unseal
from octavo.products.comms.account.rows import Account, AccountId, ApiKey, Tokens
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.paging import Keyset, PageRequest, Slice, page_by_id

ACCOUNT_COLUMNS = """account_id AS id, parent_id, owner_id, friendly_name, status, type, encrypt_bodies,
    created_at, updated_at"""
KEY_COLUMNS = "account_id, id, friendly_name, kind, created_at, updated_at"
TOKEN = "comms.auth_token"  # noqa: S105 -- what a sealed token is bound to, with the account's id
KEY = "comms.api_key"
SECONDS_CACHED = 5.0

_FAMILY = Keyset(
    # fanout: the accounts of one family lie on as many shards; there are few, and they are listed seldom.
    f"""
    SELECT {ACCOUNT_COLUMNS} FROM comms.account /* fanout */
    WHERE (account_id = $1 OR parent_id = $1)
      AND ($2::text IS NULL OR friendly_name = $2) AND ($3::text IS NULL OR status = $3)
    """,
    id="account_id",
)
_KEYS = Keyset(f"SELECT {KEY_COLUMNS} FROM comms.api_key WHERE account_id = $1")


async def find_account(db: Queryable, account_id: UUID) -> Account | None:
    return await db.one(Account, f"SELECT {ACCOUNT_COLUMNS} FROM comms.account WHERE account_id = $1", account_id)


async def account(db: Queryable, account_id: UUID) -> Account:
    """Raises CommsRefusal 20404."""
    found = await find_account(db, account_id)
    if found is None:
        raise CommsRefusal(20404)
    return found


async def cached_account(engines: Engines, account_id: UUID) -> Account | None:
    """The account as it was at most five seconds ago."""
    return await engines.cache.get_or_load(
        f"comms.account:{account_id}", lambda: find_account(engines.db.main, account_id), ttl=SECONDS_CACHED
    )


async def accounts_of_owner(db: Queryable, owner_id: UUID) -> list[Account]:
    return await db.fetch(
        Account,
        # fanout: a person's few accounts, for the console.
        f"""
        SELECT {ACCOUNT_COLUMNS} FROM comms.account /* fanout */
        WHERE owner_id = $1 AND status <> 'closed' ORDER BY account_id
        """,
        owner_id,
    )


async def family(
    db: Queryable, account_id: AccountId, page: PageRequest, *, name: str | None, status: str | None
) -> Slice[Account]:
    """An account and its sub-accounts, newest first."""
    return await page_by_id(db, Account, _FAMILY, account_id, name, status, page=page)


async def tokens(db: Queryable, account_id: UUID) -> Tokens | None:
    return await db.one(
        Tokens,
        """
        SELECT sealed_token, sealed_secondary_token, sealed_test_token, test_account_id, secondary_since
        FROM comms.account WHERE account_id = $1
        """,
        account_id,
    )


async def tested_account(db: Queryable, test_account_id: UUID) -> UUID | None:
    """The account that these test credentials belong to."""
    found: UUID | None = await db.value(
        "SELECT account_id FROM comms.test_account WHERE test_account_id = $1", test_account_id
    )
    return found


async def signing_token(engines: Engines, account_id: UUID) -> str:
    """The auth token in clear, for signing callbacks; it is kept for five seconds. Raises CommsRefusal 20404."""

    async def load() -> str:
        found = await tokens(engines.db.main, account_id)
        if found is None:
            raise CommsRefusal(20404)
        return unseal(engines.settings, found.sealed_token, context=f"{TOKEN}:{account_id}").decode()

    return await engines.cache.get_or_load(f"comms.token:{account_id}", load, ttl=SECONDS_CACHED)


async def account_of_key(db: Queryable, key_id: UUID) -> UUID | None:
    found: UUID | None = await db.value("SELECT account_id FROM comms.api_key_directory WHERE id = $1", key_id)
    return found


async def api_key(db: Queryable, account_id: AccountId, key_id: UUID) -> ApiKey:
    """Raises CommsRefusal 20404."""
    found = await db.one(
        ApiKey, f"SELECT {KEY_COLUMNS} FROM comms.api_key WHERE account_id = $1 AND id = $2", account_id, key_id
    )
    if found is None:
        raise CommsRefusal(20404)
    return found


async def api_keys(db: Queryable, account_id: AccountId, page: PageRequest) -> Slice[ApiKey]:
    return await page_by_id(db, ApiKey, _KEYS, account_id, page=page)


async def key_secret(engines: Engines, account_id: UUID, key_id: UUID) -> str | None:
    """The secret in clear; it signs access tokens."""
    sealed: bytes | None = await engines.db.main.value(
        "SELECT sealed_secret FROM comms.api_key WHERE account_id = $1 AND id = $2", account_id, key_id
    )
    if sealed is None:
        return None
    return unseal(engines.settings, sealed, context=f"{KEY}:{account_id}").decode()
