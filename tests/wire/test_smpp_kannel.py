"""Kannel on the other end: it reads what a line sends and answers it, and what it sends of its own is read."""

import asyncio
from pathlib import Path

import pytest

from octavo.kernel.context import Engines
from octavo.products.comms.carrier.smpp.carrier import SmppCarrier
from tests.products.comms.accounts import an_account
from tests.products.comms.carrier.smpp.lines import a_message, a_process, accepted, running
from tests.products.comms.carrier.smpp.smsc import serving
from tests.wire.kannel import KANNEL, REPLY, Relay, kannel_bound_to

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(KANNEL is None, reason="Kannel is not installed; with Debian: apt-get install kannel"),
]


async def received(engines: Engines, account_id: object, count: int) -> list[str]:
    async with asyncio.timeout(60):
        while True:
            bodies = await engines.db.main.column(
                "SELECT body FROM comms.message WHERE account_id = $1 AND direction = 'inbound' ORDER BY id", account_id
            )
            if len(bodies) >= count:
                return bodies
            await asyncio.sleep(0.05)


async def test_messages_go_to_kannel_and_come_from_it(engines: Engines, tmp_path: Path) -> None:
    acme = await an_account(engines)
    async with (
        serving(Relay()) as smsc,
        a_process(engines, smsc.port) as process,
        running(process),
        kannel_bound_to(smsc, tmp_path) as kannel,
    ):
        await smsc.until(lambda: len(smsc.listeners) == 2)
        one = await a_message(engines, acme, "Is anybody there? " * 12)
        ours = one.sender.removeprefix("+")
        assert [found.kind for found in await accepted(SmppCarrier(process), [one])] == ["accepted"]
        # Kannel joins the parts that we cut, and cuts its answer into parts that we join.
        assert await received(engines, acme.account.id, 1) == [REPLY]
        long = "Ответ из Каннеля, довольно длинный. " * 4 + "Всё."
        await kannel.send("14155550111", ours, long)
        await kannel.send("14155550111", ours, "Plain {braces} and ~tildes~")
        bodies = await received(engines, acme.account.id, 3)
        assert sorted(bodies[1:]) == sorted([long, "Plain {braces} and ~tildes~"])
    assert "Is anybody there?" in (tmp_path / "smsbox.log").read_text()


async def test_cut_lines_come_back_and_nothing_is_lost_or_sent_twice(engines: Engines, tmp_path: Path) -> None:
    acme = await an_account(engines)
    some = [await a_message(engines, acme, f"Message {number}") for number in range(30)]
    async with (
        serving(Relay()) as smsc,
        a_process(engines, smsc.port, window=5, longest_wait=0.5) as process,
        running(process),
        kannel_bound_to(smsc, tmp_path),
    ):
        await smsc.until(lambda: len(smsc.listeners) == 2)
        sending = asyncio.create_task(accepted(SmppCarrier(process), some))
        await smsc.until(lambda: any(one.text.startswith(b"Message") for one in smsc.taken))
        for session in list(smsc.sessions):
            session.close()
        kinds = [found.kind for found in await sending]
        await smsc.until(lambda: len(smsc.listeners) == 2)
        last = await a_message(engines, acme, "Are you there again?")
        assert [found.kind for found in await accepted(SmppCarrier(process), [last])] == ["accepted"]
        await received(engines, acme.account.id, 1)
    sent = [one.text.decode() for one in smsc.taken if one.text.startswith(b"Message")]
    assert len(sent) == len(set(sent)), "nothing goes out twice"
    assert kinds.count("accepted") <= len(sent), "what was accepted went out"
    assert set(kinds) <= {"accepted", "doubtful"}
    assert kinds.count("doubtful") <= 2 * 5
