"""Changing the auth token without a gap: a second one opens the account too, until it is promoted."""

from octavo.products.comms.account import actions, queries
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, iso

api = Api("accounts", "/v1/AuthTokens", style="v1")


@api.create("/Secondary", main_only=True, secret=True)
async def create_secondary(call: Call) -> Fields:
    """Make a second token. It is in this answer and nowhere else."""
    token = await actions.create_secondary_token(call.ctx, call.account)
    now = iso(call.ctx.now)
    return {
        "account_sid": call.account_sid,
        "date_created": now,
        "date_updated": now,
        "secondary_auth_token": token,
        "url": f"{call.base}/v1/AuthTokens/Secondary",
    }


@api.delete("/Secondary", main_only=True)
async def delete_secondary(call: Call) -> None:
    """The first token is the only one again."""
    await actions.delete_secondary_token(call.ctx, call.account)


@api.create("/Promote", status=200, main_only=True, secret=True)
async def promote_secondary(call: Call) -> Fields:
    """The second token becomes the only one."""
    await actions.promote_secondary_token(call.ctx, call.account)
    account = await queries.account(call.db, call.account.id)
    return {
        "account_sid": call.account_sid,
        "auth_token": await queries.signing_token(call.ctx.engines, account.id),
        "date_created": iso(account.created_at),
        "date_updated": iso(account.updated_at),
        "url": f"{call.base}/v1/AuthTokens/Promote",
    }
