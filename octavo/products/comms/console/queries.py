"""Whose accounts a person sees in the console."""

from octavo.kernel.context import Context
from octavo.products.comms.account import queries as accounts
from octavo.products.comms.account.rows import Account
from octavo.products.comms.console.rules import NoAccount
from octavo.products.comms.sids import is_sid, read_sid


async def my_accounts(ctx: Context) -> list[Account]:
    """The person's accounts and their sub-accounts, the oldest first; none for a visitor."""
    if ctx.actor.user_id is None:
        return []
    return await accounts.accounts_of_owner(ctx.db.main, ctx.actor.user_id)


async def my_account(ctx: Context, sid: str = "") -> Account:
    """The account that a console page is about: the one named, or the person's first. Raises NoAccount."""
    if not sid:
        mine = await my_accounts(ctx)
        if not mine:
            raise NoAccount
        return mine[0]
    found = await accounts.find_account(ctx.db.main, read_sid(sid, "AC")) if is_sid(sid, "AC") else None
    if found is None or ctx.actor.user_id is None or found.owner_id != ctx.actor.user_id:
        raise NoAccount
    return found
