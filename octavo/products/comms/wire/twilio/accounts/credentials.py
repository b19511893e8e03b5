"""Credentials that an account leaves with us: public keys, and keys of storage elsewhere."""

from octavo.products.comms.account.queries import account as account_of
from octavo.products.comms.account.rows import Account
from octavo.products.comms.account.rules import may_act_for
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.credential import actions, queries
from octavo.products.comms.credential.rows import Credential, Kind
from octavo.products.comms.sids import read_sid, sid
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params, iso

api = Api("accounts", "/v1/Credentials", style="v1")
PATHS: dict[str, Kind] = {"AWS": "aws", "PublicKeys": "public_key"}


class CredentialParams(Params):
    credentials: str = ""
    public_key: str = ""
    friendly_name: str | None = None
    account_sid: str = ""


def credential_resource(call: Call, name: str, one: Credential) -> Fields:
    return {
        "sid": one.sid,
        "account_sid": sid("AC", one.account_id),
        "friendly_name": one.friendly_name,
        "date_created": iso(one.created_at),
        "date_updated": iso(one.updated_at),
        "url": f"{call.base}/v1/Credentials/{name}/{one.sid}",
    }


def _declare(name: str, kind: Kind) -> None:
    """The five operations of one kind: they differ in the name of what is left with us."""

    async def create_credential(call: Call, params: CredentialParams) -> Fields:
        account = await _account(call, params.account_sid)
        content = params.credentials if kind == "aws" else params.public_key
        kept = await actions.keep_credential(call.ctx, account, kind, content, params.friendly_name or "")
        return credential_resource(call, name, kept)

    async def list_credentials(call: Call) -> Listing:
        found = await queries.credentials(call.db, call.account.id, kind, call.page)
        return Listing(found, lambda one: credential_resource(call, name, one))

    async def fetch_credential(call: Call) -> Fields:
        found = await queries.credential(call.db, call.account.id, kind, call.id("credential_sid", "CR"))
        return credential_resource(call, name, found)

    async def update_credential(call: Call, params: CredentialParams) -> Fields:
        if params.friendly_name is None:
            return await fetch_credential(call)
        credential_id = call.id("credential_sid", "CR")
        renamed = await actions.rename_credential(call.ctx, call.account, kind, credential_id, params.friendly_name)
        return credential_resource(call, name, renamed)

    async def delete_credential(call: Call) -> None:
        await actions.forget_credential(call.ctx, call.account, kind, call.id("credential_sid", "CR"))

    for handler in (create_credential, list_credentials, fetch_credential, update_credential, delete_credential):
        handler.__name__ = handler.__qualname__ = f"{handler.__name__}_{kind}"
        handler.__doc__ = f"{handler.__name__.partition('_')[0].capitalize()} credentials ({name})."
    api.create(f"/{name}", main_only=True)(create_credential)
    api.list(f"/{name}", key="credentials")(list_credentials)
    api.fetch(f"/{name}/{{credential_sid}}")(fetch_credential)
    api.update(f"/{name}/{{credential_sid}}", main_only=True)(update_credential)
    api.delete(f"/{name}/{{credential_sid}}", main_only=True)(delete_credential)


async def _account(call: Call, account_sid: str) -> Account:
    """The caller's own, or the sub-account that was named. Raises CommsRefusal 20404."""
    if account_sid in ("", call.account.sid):
        return call.account
    named = await account_of(call.db, read_sid(account_sid, "AC"))
    if not may_act_for(call.account, named):
        raise CommsRefusal(20404)
    return named


for path, kept_as in PATHS.items():
    _declare(path, kept_as)
