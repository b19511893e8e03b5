"""Messages that may have been taken: what a crash leaves is settled by receipts, else by the line's policy."""

import asyncio

import pytest

from octavo.kernel.context import Engines
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.carrier.smpp.carrier import SmppCarrier
from octavo.products.comms.carrier.smpp.network import network
from tests.products.comms.carrier.smpp.lines import a_message, a_process, accepted, running, until_state
from tests.products.comms.carrier.smpp.smsc import Smsc, serving

RECEIPT = "id:{} sub:001 dlvrd:001 submit date:2611210700 done date:2611210701 stat:DELIVRD err:000 text:"


async def a_crash(engines: Engines, smsc: Smsc, one) -> None:  # type: ignore[no-untyped-def]
    """The carrier has the message, and the process ends before the answer."""
    async with a_process(engines, smsc.port) as process, running(process):
        sending = asyncio.create_task(accepted(SmppCarrier(process), [one]))
        await smsc.until(lambda: bool(smsc.taken))
        smsc.sessions[0].close()
        assert [found.kind for found in await sending] == ["doubtful"]
    smsc.answer = lambda number: 0


async def test_a_receipt_tells_that_the_message_was_taken(engines: Engines, acme: NewAccount) -> None:
    smsc = Smsc(answer=lambda number: None)
    async with serving(smsc):
        one = await a_message(engines, acme)
        await a_crash(engines, smsc, one)
        async with a_process(engines, smsc.port) as process, running(process):
            carrier = SmppCarrier(process)
            assert [found.kind for found in await carrier.settle([one])] == ["doubtful"]
            await smsc.until(lambda: bool(smsc.listeners))
            await smsc.report(1, RECEIPT.format("id1"))
            assert [found.kind for found in await carrier.settle([one])] == ["accepted"]
            await until_state(engines, acme, one, "delivered")
    assert len(smsc.taken) == 1


async def test_a_receipt_that_may_be_of_several_settles_nothing(engines: Engines, acme: NewAccount) -> None:
    smsc = Smsc(answer=lambda number: None)
    async with serving(smsc):
        first, second = [await a_message(engines, acme) for _ in range(2)]
        async with a_process(engines, smsc.port) as process, running(process):
            sending = asyncio.create_task(accepted(SmppCarrier(process), [first, second]))
            await smsc.until(lambda: len(smsc.taken) == 2)
            smsc.sessions[0].close()
            await sending
        async with a_process(engines, smsc.port) as process, running(process):
            await smsc.until(lambda: bool(smsc.listeners))
            await smsc.report(1, RECEIPT.format("id1"))
            outcomes = await SmppCarrier(process).settle([first, second])
            assert [found.kind for found in outcomes] == ["doubtful", "doubtful"]


@pytest.mark.parametrize(("policy", "kind", "copies"), [("fail", "refused", 1), ("resend", "accepted", 2)])
async def test_the_policy_decides_where_nothing_is_heard(
    engines: Engines, acme: NewAccount, policy: str, kind: str, copies: int
) -> None:
    smsc = Smsc(answer=lambda number: None)
    async with serving(smsc):
        one = await a_message(engines, acme)
        await a_crash(engines, smsc, one)
        async with a_process(engines, smsc.port, doubt=policy, doubt_seconds=0) as process, running(process):
            await smsc.until(lambda: bool(smsc.listeners))
            async with asyncio.timeout(60):
                while not network(process).lines["main"].can_send:
                    await asyncio.sleep(0.01)
            [outcome] = await SmppCarrier(process).settle([one])
    assert (outcome.kind, len(smsc.taken)) == (kind, copies)
    assert outcome.error_code == (30008 if policy == "fail" else None)


async def test_what_was_never_meant_to_be_sent_is_sent_now(engines: Engines, acme: NewAccount) -> None:
    async with serving(Smsc()) as smsc, a_process(engines, smsc.port) as process, running(process):
        one = await a_message(engines, acme)
        async with asyncio.timeout(60):
            while not network(process).lines["main"].can_send:
                await asyncio.sleep(0.01)
        assert [found.kind for found in await SmppCarrier(process).settle([one])] == ["accepted"]
        assert len(smsc.taken) == 1


async def test_an_answer_that_comes_after_all_is_kept(engines: Engines, acme: NewAccount) -> None:
    smsc = Smsc(answer=lambda number: None)
    async with serving(smsc), a_process(engines, smsc.port, answer_seconds=0.2) as process, running(process):
        one = await a_message(engines, acme)
        assert [found.kind for found in await accepted(SmppCarrier(process), [one])] == ["doubtful"]
        smsc.answer_late(1)
        async with asyncio.timeout(60):
            while [found.kind for found in await SmppCarrier(process).settle([one])] != ["accepted"]:
                await asyncio.sleep(0.02)
