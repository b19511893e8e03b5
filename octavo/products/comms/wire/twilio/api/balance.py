"""The balance: what an account began with, less what it and its sub-accounts used. No money moves here."""

from decimal import Decimal

from octavo.products.comms.pricing.queries import price_list
from octavo.products.comms.usage import queries
from octavo.products.comms.usage.categories import TOTAL
from octavo.products.comms.usage.rules import MILLIONTHS
from octavo.products.comms.usage.trigger.rules import BEGINNING
from octavo.products.comms.wire.twilio.core import Api, Call, Fields

api = Api("api", "/2010-04-01/Accounts/{account_sid}", style="2010")


@api.fetch("/Balance")
async def fetch_balance(call: Call) -> Fields:
    """What is left."""
    accounts = await queries.sub_accounts(call.db, call.account.id)
    [total] = await queries.usage_records(call.db, accounts, BEGINNING, call.ctx.now.date(), "whole", TOTAL)
    left = Decimal(call.ctx.settings.comms.starting_balance) - Decimal(total.price) / MILLIONTHS
    return {
        "account_sid": call.account_sid,
        "balance": f"{left.normalize():f}",
        "currency": price_list(call.ctx.settings).currency,
    }
