"""kill -9 and cut lines while messages go out over SMPP: every message ends, and what is in doubt ends by the policy.

Between a submit_sm and its answer nobody can know whether the message was taken. Under the policy `fail` none goes out
twice, and what may not have gone out has failed with 30008; under `resend` all arrive, and few of them twice.
"""

import asyncio
import json
import random
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.books import Books, Message, closed, told
from tests.faults.campaign import SETTINGS, Campaign
from tests.faults.centre import Centre
from tests.faults.victims import kill, strays
from tests.harness.receiver import receiving
from tests.harness.running import RunningOctavo
from tests.products.comms.carrier.smpp.smsc import PASSWORD, serving

pytestmark = [pytest.mark.slow, pytest.mark.timeout(480)]
SEEDS = range(1)
MORE_SEEDS = range(1, 16)
VICTIMS = ("worker", "carrier", "postgres", "backend", "line")
WINDOW = 5
LONG = "A long one that goes out in parts. " * 6
SAYING_APART = 0.15  # seconds


@pytest.mark.parametrize("seed", SEEDS)
async def test_doubts_end_by_the_policy(seed: int, tmp_path: Path) -> None:
    await strike_and_judge(seed, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("seed", MORE_SEEDS)
async def test_doubts_end_by_the_policy_at_many_more_moments(seed: int, tmp_path: Path) -> None:
    await strike_and_judge(seed, tmp_path)


async def strike_and_judge(seed: int, folder: Path) -> None:
    chance, policy = random.Random(seed), ("fail", "resend")[seed % 2]
    async with serving(Centre(chance=chance)) as centre, receiving() as receiver:
        assert isinstance(centre, Centre)
        settings = {**SETTINGS, **_line(folder, centre.port, policy)}
        running = RunningOctavo(folder / "octavo", **settings)
        await asyncio.to_thread(running.start)
        try:
            campaign = Campaign(running, receiver, chance, settings, suffix=LONG)
            await campaign.begin()
            books = await _struck(campaign, centre, policy)
            judge(campaign, books, centre, policy)
        finally:
            await asyncio.to_thread(running.stop)
    assert strays(running) == []


async def _struck(campaign: Campaign, centre: Centre, policy: str) -> Books:
    victims, began = campaign.chance.sample(VICTIMS, len(VICTIMS)), time.monotonic()
    paying = asyncio.create_task(centre.pay())
    saying = asyncio.create_task(_talk(centre, campaign.account["phone_number"]))

    async def strike(victim: str) -> None:
        await (centre.vanish() if victim == "line" else asyncio.to_thread(kill, campaign.running, victim))

    try:
        await campaign.strike(victims, strike)
        saying.cancel()
        struck = time.monotonic()
        books = await closed(campaign.running)
        while not centre.paid:  # what nobody acknowledged comes again, and may be asked about
            await asyncio.sleep(0.05)
        books = await closed(campaign.running)
    finally:
        for task in (saying, paying):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
    seconds, quiet = time.monotonic() - began, time.monotonic() - struck
    print(f"{victims}, {policy}: {len(campaign.accepted)} of {campaign.asked}, {seconds:.0f} s, {quiet:.0f} s to rest")
    return books


async def _talk(centre: Centre, number: str) -> None:
    while True:
        count = len(centre.said)
        centre.say(f"+1415555{3000 + count}", number, f"Said {count}. {LONG if count % 5 == 0 else ''}".strip())
        await asyncio.sleep(SAYING_APART)


def judge(campaign: Campaign, books: Books, centre: Centre, policy: str) -> None:
    sent, replies = books.of("outbound-api"), books.of("outbound-reply")
    assert set(campaign.accepted.values()) <= {one.sid for one in sent}, "what was accepted is there"
    assert len({one.body for one in sent}) == len(sent), "nothing was accepted twice"
    judge_doubts([*sent, *replies], centre, policy)
    for one in [*sent, *replies]:
        assert one.states[:2] == ["queued", "sending"]
        assert one.states[2:] in (["sent", "delivered"], ["failed"])
    assert books.failed_callbacks == 0
    assert told(campaign.receiver) == {one.sid: one.states[2:] for one in sent}
    judge_arrivals(campaign, books, centre)


def judge_doubts(given: list[Message], centre: Centre, policy: str) -> None:
    """How many parts may be in doubt is bounded: two windows for each death and each cut."""
    copies = Counter((part.destination.digits, bytes(part.text)) for part in centre.taken)
    twice = sum(times - 1 for times in copies.values())
    failed = [one for one in given if one.states[-1] == "failed"]
    reached = Counter(part.destination.digits for part in centre.taken)
    assert {one.error_code for one in failed} <= {30008}
    for one in given:
        if one.states[-1] == "delivered":
            assert reached[one.recipient.removeprefix("+")] >= (2 if len(one.body) > 160 else 1)
    bound = 2 * WINDOW * len(VICTIMS)
    if policy == "fail":
        assert twice == 0, "no message goes out twice"
        assert len(failed) <= bound
    else:
        assert failed == [], "all arrive"
        assert twice <= bound


def judge_arrivals(campaign: Campaign, books: Books, centre: Centre) -> None:
    """What the carrier brings comes in at least once and whole; each that came in is asked about and answered once."""
    arrived, replies = books.of("inbound"), books.of("outbound-reply")
    assert {one.body for one in arrived} == set(centre.said)
    asked = {got.form["MessageSid"] for got in campaign.receiver.got if got.path == "/inbound"}
    assert asked == {one.sid for one in arrived}
    assert sorted(one.body for one in replies) == sorted(f"Thanks {one.sid}" for one in arrived)


def _line(folder: Path, port: int, policy: str) -> dict[str, str]:
    line = {
        "host": "127.0.0.1",
        "port": port,
        "system_id": "octavo",
        "password_env": "SMPP_PASSWORD",
        "window": WINDOW,
        "longest_wait": 1,
        "doubt": policy,
        "doubt_seconds": 2,
    }
    path = folder / "lines.yaml"
    path.write_text(json.dumps({"lines": {"main": line}}))
    return {"SMPP_PASSWORD": PASSWORD, "OCTAVO_COMMS_CARRIER": "smpp", "OCTAVO_COMMS_SMPP_LINES": str(path)}
