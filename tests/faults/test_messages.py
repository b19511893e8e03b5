"""kill -9 of any process under load: no accepted message is lost or sent twice, and each is told of in its order.

Each seed kills every victim once, in an order and at moments of its own, while messages are sent and handsets answer.
"""

import asyncio
import random
import time
from functools import partial
from pathlib import Path

import pytest

from tests.faults.books import Books, between, closed, told
from tests.faults.campaign import ANSWERING, CALL, FAILING, LOSING, Campaign
from tests.faults.campaign import SETTINGS as OF_CAMPAIGN
from tests.faults.victims import kill, strays
from tests.harness.receiver import receiving
from tests.harness.running import RunningOctavo

pytestmark = [pytest.mark.slow, pytest.mark.timeout(480)]
SEEDS = range(1)
MORE_SEEDS = range(1, 24)
SETTINGS = {**OF_CAMPAIGN, "OCTAVO_COMMS_SIMULATED_DELAY": "0.05"}
SCENARIO = {
    "handsets": [
        {"number": FAILING, "fails_with": 30003},
        {"number": LOSING, "loss": 1.0},
        {"number": ANSWERING, "replies": [{"to": CALL, "say": "pong"}]},
    ]
}
# The dispatch lives in the process of carriers; its death is aimed at the moment that leaves doubt.
VICTIMS = ("web", "worker", "carrier", "dispatch", "postgres", "backend")


@pytest.mark.parametrize("seed", SEEDS)
async def test_killed_processes_lose_no_message(seed: int, tmp_path: Path) -> None:
    await strike_and_judge(seed, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("seed", MORE_SEEDS)
async def test_killed_processes_lose_no_message_at_many_more_moments(seed: int, tmp_path: Path) -> None:
    await strike_and_judge(seed, tmp_path)


async def strike_and_judge(seed: int, folder: Path) -> None:
    chance, began = random.Random(seed), time.monotonic()
    running = RunningOctavo(folder / "octavo", **SETTINGS)
    await asyncio.to_thread(running.start)
    try:
        async with receiving() as receiver:
            campaign = Campaign(running, receiver, chance, SETTINGS)
            await campaign.begin()
            await campaign.play(SCENARIO)
            victims = chance.sample(VICTIMS, len(VICTIMS))
            await campaign.strike(victims, partial(strike, running))
            struck = time.monotonic()
            books = await closed(running)
            seconds, quiet = time.monotonic() - began, time.monotonic() - struck
            print(f"{victims}: {len(campaign.accepted)} of {campaign.asked}, {seconds:.0f} s, {quiet:.0f} s to rest")
            judge(campaign, books)
    finally:
        await asyncio.to_thread(running.stop)
    assert strays(running) == []


async def strike(running: RunningOctavo, victim: str) -> None:
    if victim != "dispatch":
        await asyncio.to_thread(kill, running, victim)
    else:
        async with between(running):
            # Only now: after an earlier death it may have been another process a moment ago.
            await asyncio.to_thread(kill, running, "carrier")


def judge(campaign: Campaign, books: Books) -> None:
    """All that was promised, of all messages and not only of those that the clients know of."""
    sent = books.of("outbound-api")
    assert set(campaign.accepted.values()) <= {one.sid for one in sent}, "what was accepted is there"
    assert len({one.body for one in sent}) == len(sent), "nothing was accepted twice"
    replies = judge_answers(campaign, books)
    given = [*sent, *replies]
    assert {one.id for one in given} == set(books.submissions), "all that is there was sent, and nothing else"
    assert {id: times for id, times in books.submissions.items() if times > 1} == {}, "nothing was sent twice"
    for one in given:
        assert one.states == ["queued", "sending", *_told(one.recipient)], "each ends as its handset behaves"
    assert books.failed_callbacks == 0
    assert told(campaign.receiver) == {one.sid: _told(one.recipient) for one in sent}


def judge_answers(campaign: Campaign, books: Books) -> list[object]:
    """What handsets answered came in once each, its server was asked, and what that said went out once."""
    calls = [one for one in books.of("outbound-api") if one.body.startswith(CALL) and one.recipient == ANSWERING]
    arrived, replies = books.of("inbound"), books.of("outbound-reply")
    assert len(books.said) == len(calls), "the handset answered each call once"
    assert sorted(one.carrier_ref for one in arrived) == sorted(books.said), "each answer came in once"
    asked = {got.form["MessageSid"] for got in campaign.receiver.got if got.path == "/inbound"}
    assert asked == {one.sid for one in arrived}, "the server was asked about each"
    assert sorted(one.body for one in replies) == sorted(f"Thanks {one.sid}" for one in arrived), "each is thanked once"
    return list(replies)


def _told(recipient: str) -> list[str]:
    """What is told of a message, in order. Where nothing more is heard, only the carrier can settle a doubt."""
    return {FAILING: ["sent", "undelivered"], LOSING: ["sent"]}.get(recipient, ["sent", "delivered"])
