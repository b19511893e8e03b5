"""What comes in over a line: each message once and in one piece."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import msgspec
import pytest

from octavo.kernel.clock import now
from octavo.kernel.context import Context, Engines
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.carrier.smpp import journal, link
from octavo.products.comms.carrier.smpp.actions import keep
from octavo.products.comms.carrier.smpp.carrier import SmppCarrier
from octavo.products.comms.carrier.smpp.codes import Status, Tag
from octavo.products.comms.carrier.smpp.joining import bring_incomplete
from octavo.products.comms.carrier.smpp.journal import Entry
from tests.products.comms.carrier.smpp.lines import a_message, a_process, accepted, owned, running
from tests.products.comms.carrier.smpp.smsc import Smsc, serving, text_from


async def test_what_comes_in_is_received_in_one_piece(engines: Engines, acme: NewAccount) -> None:
    async with serving(Smsc()) as smsc, a_process(engines, smsc.port) as process, running(process):
        await a_message(engines, acme)  # so that there is a number
        [number] = await owned(engines.context(now()), acme)
        ours = number.number.removeprefix("+")
        await smsc.until(lambda: bool(smsc.listeners))
        second = {Tag.SAR_MSG_REF_NUM: b"\0\7", Tag.SAR_TOTAL_SEGMENTS: b"\2", Tag.SAR_SEGMENT_SEQNUM: b"\2"}
        first = second | {Tag.SAR_SEGMENT_SEQNUM: b"\1"}
        for text, options in (("мир".encode("utf-16-be"), second), ("Привет, ".encode("utf-16-be"), first)):
            part = text_from("14155550111", ours, text, data_coding=8)
            answer = await smsc.deliver(
                msgspec.structs.replace(part, options={int(tag): value for tag, value in options.items()})
            )
            assert answer.status == Status.ROK
        await smsc.deliver(
            text_from("14155550111", ours, bytes.fromhex("0605 0804 1234 0101".replace(" ", "")), esm_class=0x40)
        )
        bodies = await engines.db.main.column(
            "SELECT body FROM comms.message WHERE account_id = $1 AND direction = 'inbound' ORDER BY id",
            acme.account.id,
        )
        assert bodies[0] == "Привет, мир"


async def test_a_part_that_comes_again_is_no_message_of_its_own(engines: Engines, acme: NewAccount) -> None:
    async with serving(Smsc()) as smsc, a_process(engines, smsc.port) as process, running(process):
        await a_message(engines, acme)  # so that there is a number
        [number] = await owned(engines.context(now()), acme)
        await smsc.until(lambda: bool(smsc.listeners))

        async def bring(*texts: str) -> None:
            for text in texts:
                octets = bytes((5, 0, 3, 7, 2, int(text[0]))) + text[1:].encode()
                part = text_from("14155550111", number.number.removeprefix("+"), octets, esm_class=0x40)
                assert (await smsc.deliver(part)).status == Status.ROK

        async def bodies() -> list[str]:
            ctx = engines.context(now() + timedelta(hours=2))
            await bring_incomplete(ctx, ctx.now - timedelta(hours=1))
            return await engines.db.main.column(
                "SELECT body FROM comms.message WHERE account_id = $1 AND direction = 'inbound' ORDER BY id",
                acme.account.id,
            )

        await bring("1Good ", "2morning")
        await bring("2morning")  # the carrier missed its acknowledgement
        assert await bodies() == ["Good morning"]
        await bring("1Good ")  # and now it has come as a whole once more: somebody says it again
        assert await bodies() == ["Good morning"] * 2
        await bring("1Bad ", "2weather")  # under a reference that is free again
        assert (await bodies())[2:] == ["Bad weather"]


async def test_what_is_being_kept_is_answered_before_the_line_ends(
    engines: Engines, acme: NewAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    being_kept, may_go_on = asyncio.Event(), asyncio.Event()

    async def keep_late(ctx: Context, entries: Sequence[Entry]) -> None:
        being_kept.set()
        await may_go_on.wait()
        await keep(ctx, entries)

    monkeypatch.setattr(journal, "keep", keep_late)
    monkeypatch.setattr(link, "LAST_ANSWERS", 60.0)
    async with serving(Smsc()) as smsc, a_process(engines, smsc.port) as process:
        async with running(process):
            await smsc.until(lambda: bool(smsc.listeners))
            answer = smsc.deliver(text_from("14155550111", "14155550112", b"Hello"))
            await being_kept.wait()
            asyncio.get_running_loop().call_later(0.2, may_go_on.set)
        assert (await answer).status == Status.ROK


async def test_parts_of_a_message_are_written_down_together(engines: Engines, acme: NewAccount) -> None:
    smsc = Smsc(answer=lambda number: Status.ROK if number == 1 else None)
    async with serving(smsc), a_process(engines, smsc.port, window=1) as process, running(process):
        one = await a_message(engines, acme, "A long one. " * 30)
        sending = asyncio.create_task(accepted(SmppCarrier(process), [one]))
        await smsc.until(lambda: len(smsc.taken) == 2)
        smsc.sessions[0].close()
        assert [found.kind for found in await sending] == ["doubtful"], "of three parts the third was never sent"


async def test_a_message_that_cannot_be_written_holds_up_no_other(engines: Engines, acme: NewAccount) -> None:
    async with serving(Smsc()) as smsc, a_process(engines, smsc.port) as process, running(process):
        good = await a_message(engines, acme)
        bad = msgspec.structs.replace(await a_message(engines, acme), expires_at=None)  # what nobody foresaw
        assert sorted(found.kind for found in await accepted(SmppCarrier(process), [bad, good])) == [
            "accepted",
            "refused",
        ]
