"""Lookups that need to know whose numbers are whose here."""

from octavo.kernel.context import Engines
from octavo.products.comms.account.queries import find_account
from octavo.products.comms.lookup.rows import Line, Name
from octavo.products.comms.lookup.rules import line_of, name_of
from octavo.products.comms.number.queries import number_by_e164


async def line(engines: Engines, number: str) -> Line:
    """The line behind a valid number; those that accounts here own are known for what they are."""
    return line_of(number, is_ours=await number_by_e164(engines.db.main, number) is not None)


async def caller_name(engines: Engines, number: str) -> Name:
    """The name of the account that owns the number here, or one that is made up."""
    owned = await number_by_e164(engines.db.main, number)
    owner = await find_account(engines.db.main, owned.account_id) if owned else None
    return Name(owner.friendly_name, "BUSINESS") if owner else name_of(number)
