"""The person at the other end of a call, who enters the code that the account was shown."""

import asyncio

from twilio.rest.api.v2010.account.validation_request import ValidationRequestInstance

from octavo.app import opened_engines
from octavo.kernel.clock import now
from octavo.kernel.context import SYSTEM, Context
from octavo.kernel.db import EmbeddedServer
from octavo.products.comms.account.queries import account
from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.caller_id.actions import confirm
from octavo.products.comms.sids import read_sid
from octavo.settings import load_settings
from tests.harness.running import RunningOctavo


def answered(octavo: RunningOctavo, asked: ValidationRequestInstance) -> None:
    """Enter the code, as on the page of the simulated phone."""
    asyncio.run(_answer(octavo, asked))


async def _answer(octavo: RunningOctavo, asked: ValidationRequestInstance) -> None:
    settings = load_settings(octavo.data_dir, environ={})
    url = EmbeddedServer(settings.data_dir, settings.db).running_url()
    assert url is not None
    async with opened_engines(settings, url, application="tests") as engines:
        ctx = Context(actor=SYSTEM, now=now(), engines=engines)
        caller = await account(ctx.db.main, AccountId(read_sid(str(asked.account_sid), "AC")))
        await confirm(ctx, caller, read_sid(str(asked.call_sid), "CA"), str(asked.validation_code))
