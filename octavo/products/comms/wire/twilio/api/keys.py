"""API keys: they open all but accounts and keys, and sign access tokens. The vendor lists them under two names."""

from octavo.products.comms.account import actions, queries
from octavo.products.comms.account.rows import ApiKey
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params, rfc2822

api = Api("api", "/2010-04-01/Accounts/{account_sid}", style="2010")
PATHS = (("/Keys", "keys"), ("/SigningKeys", "signing_keys"))


class KeyParams(Params):
    friendly_name: str | None = None


def key_resource(key: ApiKey) -> Fields:
    return {
        "sid": key.sid,
        "friendly_name": key.friendly_name,
        "date_created": rfc2822(key.created_at),
        "date_updated": rfc2822(key.updated_at),
    }


async def create_key(call: Call, params: KeyParams) -> Fields:
    """Make a key. Its secret is in this answer and nowhere else."""
    new = await actions.create_key(call.ctx, call.account, name=params.friendly_name or "")
    return {**key_resource(new.key), "secret": new.secret}


async def list_keys(call: Call) -> Listing:
    """The account's keys."""
    return Listing(await queries.api_keys(call.db, call.account.id, call.page), key_resource)


async def fetch_key(call: Call) -> Fields:
    """One key."""
    return key_resource(await queries.api_key(call.db, call.account.id, call.id("key_sid", "SK")))


async def update_key(call: Call, params: KeyParams) -> Fields:
    """Rename a key."""
    if params.friendly_name is None:
        return await fetch_key(call)
    return key_resource(
        await actions.rename_key(call.ctx, call.account, call.id("key_sid", "SK"), params.friendly_name)
    )


async def delete_key(call: Call) -> None:
    """Nobody gets in with the key any more."""
    await actions.delete_key(call.ctx, call.account, call.id("key_sid", "SK"))


for path, key in PATHS:
    api.create(path, main_only=True, secret=True)(create_key)
    api.list(path, key=key, main_only=True)(list_keys)
    api.fetch(path + "/{key_sid}", main_only=True)(fetch_key)
    api.update(path + "/{key_sid}", main_only=True)(update_key)
    api.delete(path + "/{key_sid}", main_only=True)(delete_key)
