"""Whose phones a person may hold, and what they show."""

from octavo.kernel.context import Context
from octavo.products.comms.account.queries import find_account
from octavo.products.comms.account.rows import Account
from octavo.products.comms.carrier.simulated import queries as simulated
from octavo.products.comms.console.queries import my_account
from octavo.products.comms.console.rules import NoAccount
from octavo.products.comms.number.queries import numbers
from octavo.products.comms.number.rules import parse_e164
from octavo.products.comms.paging import PageRequest
from octavo.products.comms.phone import rules
from octavo.products.comms.phone.rows import Phone
from octavo.products.comms.sids import is_sid, read_sid

OWN_NUMBERS = PageRequest(size=200)


async def account_of_phones(ctx: Context, sid: str) -> Account:
    """One of the person's accounts; operators may look into every one. Raises NoAccount."""
    try:
        return await my_account(ctx, sid)
    except NoAccount:
        if "operator" not in ctx.actor.roles or not is_sid(sid, "AC"):
            raise
    found = await find_account(ctx.db.main, read_sid(sid, "AC"))
    if found is None:
        raise NoAccount
    return found


async def own_numbers(ctx: Context, account: Account) -> list[str]:
    """The numbers that a handset may write to, newest first."""
    return [one.number for one in (await numbers(ctx.db.main, account.id, OWN_NUMBERS)).items if one.sms]


async def phones(ctx: Context, account: Account) -> list[Phone]:
    told = await simulated.handsets_of(ctx.db.main, account.id)
    written_to = await simulated.numbers_written_to(ctx.db.main, account.id)
    return rules.phones(told, written_to, await own_numbers(ctx, account))


async def phone_number(ctx: Context, account: Account, written: str) -> str:
    """The number of a handset. Raises NoPhone for what is no number, or one of the account's own."""
    number = parse_e164(written)
    if number is None or number in await own_numbers(ctx, account):
        raise rules.NoPhone
    return number
