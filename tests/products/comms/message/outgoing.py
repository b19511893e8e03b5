"""Messages on their way, for the tests of this room."""

from typing import Any

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.products.comms.account.rows import Account, NewAccount
from octavo.products.comms.message.actions import create_message
from octavo.products.comms.message.rows import Message, NewMessage
from octavo.products.comms.number.actions import buy_any_number
from octavo.products.comms.number.rows import PhoneNumber, Search

TO = "+14155550111"


async def a_number(engines: Engines, account: Account) -> PhoneNumber:
    return await buy_any_number(engines.context(now()), account, Search(country="US"))


async def a_message(engines: Engines, new: NewAccount, sender: str = "", **others: Any) -> Message:
    """An accepted message, from a number that is bought for it unless one is given."""
    sender = sender or (await a_number(engines, new.account)).number
    wanted = NewMessage(**({"to": TO, "from_": sender, "body": "Tea is ready"} | others))
    return await create_message(engines.context(now()), new.account, wanted)
