"""Messages over a line: sent once, told of once, whatever the carrier and the connection do meanwhile."""

import asyncio
import ssl
from dataclasses import replace
from pathlib import Path

import pytest

from octavo.kernel.context import Engines
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.carrier.smpp import queries, service
from octavo.products.comms.carrier.smpp.alphabets import decoded
from octavo.products.comms.carrier.smpp.bodies import Address, ShortMessage
from octavo.products.comms.carrier.smpp.carrier import SmppCarrier
from octavo.products.comms.carrier.smpp.codes import Command, State, Status
from octavo.products.comms.carrier.smpp.network import network
from octavo.products.comms.carrier.smpp.parts import place_and_text
from tests.products.comms.carrier.smpp.lines import (
    a_message,
    a_process,
    accepted,
    running,
    states,
    until_state,
)
from tests.products.comms.carrier.smpp.smsc import Smsc, a_certificate, serving

RECEIPT = "id:{} sub:001 dlvrd:001 submit date:2611210700 done date:2611210701 stat:{} err:{} text:Hello"


def receipt(stat: str = "DELIVRD", err: str = "000", ids: str = "id{}"):  # type: ignore[no-untyped-def]
    return lambda number: RECEIPT.format(ids.format(number), stat, err)


@pytest.mark.parametrize("bind", ["transceiver", "separate"])
async def test_a_message_goes_out_and_its_receipt_comes_back(engines: Engines, acme: NewAccount, bind: str) -> None:
    async with serving(Smsc(receipt=receipt())) as smsc, a_process(engines, smsc.port, bind=bind) as process:
        async with running(process):
            one = await a_message(engines, acme, "Größe: 10 €")
            if bind == "separate":
                await smsc.until(lambda: len(smsc.binds) == 2)
            [outcome] = await accepted(SmppCarrier(process), [one])
            assert (outcome.kind, outcome.carrier_ref) == ("accepted", "id1")
            await until_state(engines, acme, one, "delivered")
        [sent] = smsc.taken
        assert sent.destination == Address("14155550111", 1, 1)
        assert sent.source == Address(one.sender.removeprefix("+"), 1, 1)
        assert decoded(sent.text, sent.data_coding, "gsm") == "Größe: 10 €"
        assert (sent.registered_delivery, sent.validity[-4:]) == (1, "000+")


async def test_a_receipt_may_come_before_the_answer(engines: Engines, acme: NewAccount) -> None:
    smsc = Smsc(receipt=receipt("UNDELIV", "001"), receipts_first=True)
    async with serving(smsc), a_process(engines, smsc.port) as process, running(process):
        one = await a_message(engines, acme)
        await accepted(SmppCarrier(process), [one])
        assert await until_state(engines, acme, one, "undelivered") == 30005


async def test_answers_may_be_hexadecimal_where_receipts_are_decimal(engines: Engines, acme: NewAccount) -> None:
    smsc = Smsc(
        id_of=lambda number: f"{number + 254:08X}", receipt=lambda number: RECEIPT.format(number + 254, "DELIVRD", 0)
    )
    async with (
        serving(smsc),
        a_process(engines, smsc.port, answer_ids="hex", receipt_ids="decimal") as process,
        running(process),
    ):
        some = [await a_message(engines, acme) for _ in range(3)]
        await accepted(SmppCarrier(process), some)
        for one in some:
            await until_state(engines, acme, one, "delivered")


async def test_a_long_message_is_delivered_once_all_its_parts_are(engines: Engines, acme: NewAccount) -> None:
    async with serving(Smsc()) as smsc, a_process(engines, smsc.port) as process, running(process):
        text = "Zażółć gęślą jaźń " * 10
        one = await a_message(engines, acme, text)
        await accepted(SmppCarrier(process), [one])
        places = [place_and_text(part) for part in smsc.taken]
        assert [place and (place.total, place.number) for place, _ in places] == [(3, 1), (3, 2), (3, 3)]
        assert "".join(octets.decode("utf-16-be") for _, octets in places) == text
        for number in (1, 2):
            await smsc.report(number, RECEIPT.format(f"id{number}", "DELIVRD", 0))
        assert (await states(engines, acme, one))[0] != "delivered"
        await smsc.report(3, RECEIPT.format("id3", "DELIVRD", 0))
        await until_state(engines, acme, one, "delivered")


async def test_a_throttled_line_waits_and_sends_the_rest(engines: Engines, acme: NewAccount) -> None:
    smsc = Smsc(answer=lambda number: Status.RTHROTTLED if number == 2 else Status.ROK)
    async with serving(smsc), a_process(engines, smsc.port, window=1) as process, running(process):
        some = [await a_message(engines, acme, f"Number {number}") for number in range(4)]
        outcomes = await accepted(SmppCarrier(process), some)
        assert {one.kind for one in outcomes} == {"accepted"}
        texts = [sent.text.decode() for sent in smsc.taken]
        assert len(texts) == 5  # the throttled one twice
        assert sorted(set(texts)) == [f"Number {number}" for number in range(4)]


async def test_what_the_carrier_refuses_is_refused_for_good(engines: Engines, acme: NewAccount) -> None:
    smsc = Smsc(answer=lambda number: Status.RINVDSTADR)
    async with serving(smsc), a_process(engines, smsc.port) as process, running(process):
        one = await a_message(engines, acme)
        [outcome] = await accepted(SmppCarrier(process), [one])
        assert (outcome.kind, outcome.error_code) == ("refused", 30005)
        assert await SmppCarrier(process).submit([one]) == [outcome]
        assert len(smsc.taken) == 1


async def test_a_message_given_twice_is_sent_once(engines: Engines, acme: NewAccount) -> None:
    async with serving(Smsc()) as smsc, a_process(engines, smsc.port) as process, running(process):
        one = await a_message(engines, acme)
        first = await accepted(SmppCarrier(process), [one])
        assert await SmppCarrier(process).submit([one]) == first
        assert await SmppCarrier(process).settle([one]) == first
        assert len(smsc.taken) == 1


async def test_without_a_line_messages_wait(engines: Engines, acme: NewAccount) -> None:
    async with a_process(engines, 1) as process:
        one = await a_message(engines, acme)
        assert [found.kind for found in await SmppCarrier(process).submit([one])] == ["later"]


async def test_a_line_comes_back_after_its_carrier_did(engines: Engines, acme: NewAccount) -> None:
    smsc = Smsc()
    async with serving(smsc), a_process(engines, smsc.port) as process, running(process):
        await smsc.until(lambda: len(smsc.binds) == 1)
        smsc.sessions[0].close()
        await smsc.until(lambda: len(smsc.binds) == 2)
        one = await a_message(engines, acme)
        assert [found.kind for found in await accepted(SmppCarrier(process), [one])] == ["accepted"]


async def test_a_wrong_password_is_tried_again_later(engines: Engines) -> None:
    smsc = Smsc()
    async with serving(smsc), a_process(engines, smsc.port, password="wrong") as process, running(process):
        await asyncio.sleep(0.3)
        assert smsc.binds == []
        assert not network(process).lines["main"].can_send


async def test_a_silent_carrier_is_left(engines: Engines) -> None:
    impatient = {"enquire_seconds": 0.1, "answer_seconds": 0.5}
    async with serving(Smsc()) as smsc, a_process(engines, smsc.port, **impatient) as process, running(process):
        await smsc.until(lambda: len(smsc.binds) == 1)
        smsc.sessions[0]._transport.pause_reading()  # it hears nothing any more
        await smsc.until(lambda: len(smsc.binds) == 2)


async def test_what_is_no_command_or_cannot_be_read_is_answered_so(engines: Engines) -> None:
    async with serving(Smsc()) as smsc, a_process(engines, smsc.port) as process, running(process):
        await smsc.until(lambda: bool(smsc.listeners))
        session = smsc.listeners[0]
        assert (await session.request(0x77)).status == Status.RINVCMDID
        assert (await session.request(Command.DELIVER_SM, b"\0\1\1123")).status == Status.RINVCMDLEN
        whole = ShortMessage(source=Address("1"), destination=Address("2"), text=b"Hello").encoded()
        assert (await session.request(Command.DELIVER_SM, whole[:-2])).status == Status.RINVMSGLEN
        assert (await session.request(Command.ENQUIRE_LINK)).status == Status.ROK


async def test_overdue_receipts_are_asked_for(
    engines: Engines, acme: NewAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "ROUND_SECONDS", 3600.0)  # nobody asks but the test
    smsc = Smsc(states={"id1": State.DELIVERED, "id2": State.ENROUTE})
    async with serving(smsc), a_process(engines, smsc.port, query_seconds=0.001) as process, running(process):
        some = [await a_message(engines, acme) for _ in range(3)]
        await accepted(SmppCarrier(process), some)
        await service.ask_after_unheard(process, network(process))
        assert sorted(smsc.asked) == ["id1", "id2", "id3"]
        [told] = [one for one in some if await was(process, one, "id1")]
        await until_state(engines, acme, told, "delivered")
        found = [(await states(engines, acme, one))[0] for one in some]
        assert sorted(found) == ["delivered", "queued", "queued"]


async def was(process: Engines, one, smsc_id: str) -> bool:  # type: ignore[no-untyped-def]
    [part] = await queries.parts(process.db.main, [(one.account_id, one.message_id)])
    return part.smsc_id == smsc_id


async def test_engines_of_their_own_have_lines_of_their_own(engines: Engines) -> None:
    async with a_process(engines, 1) as first, a_process(engines, 2) as second:
        assert network(first) is network(replace(first)) is not network(second)


async def test_a_line_may_be_encrypted(engines: Engines, acme: NewAccount, tmp_path: Path) -> None:
    certificate, key = a_certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    async with (
        serving(Smsc(), context) as smsc,
        a_process(engines, smsc.port, tls=True, tls_ca=str(certificate)) as process,
        running(process),
    ):
        one = await a_message(engines, acme)
        assert [found.kind for found in await accepted(SmppCarrier(process), [one])] == ["accepted"]
        async with a_process(engines, smsc.port, tls=True) as careful, running(careful):
            await asyncio.sleep(0.3)
            assert not network(careful).lines["main"].can_send, "a certificate that nobody vouches for is not trusted"


async def test_a_line_keeps_to_its_rate(engines: Engines, acme: NewAccount) -> None:
    async with serving(Smsc()) as smsc, a_process(engines, smsc.port, rate=20) as process, running(process):
        await smsc.until(lambda: bool(smsc.listeners))
        some = [await a_message(engines, acme) for _ in range(6)]
        began = asyncio.get_running_loop().time()
        await accepted(SmppCarrier(process), some)
        assert asyncio.get_running_loop().time() - began >= 5 / 20
