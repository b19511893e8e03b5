"""Calls are counted by all web processes together."""

from dataclasses import replace
from datetime import timedelta

import pytest

from octavo.kernel.context import Context
from octavo.kernel.ids import new_id
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.wire.twilio.core import _rates


async def test_a_call_of_the_second_before_that_comes_late_keeps_the_count(ctx: Context) -> None:
    account_id, second_before = new_id(), replace(ctx, now=ctx.now - timedelta(seconds=1))

    async def call_elsewhere(at: Context) -> None:
        _rates._leases.clear()  # each in a process of its own
        await _rates.count_call(at, account_id, 2)

    await call_elsewhere(ctx)
    await call_elsewhere(second_before)
    with pytest.raises(CommsRefusal):
        await call_elsewhere(ctx)
