"""What the simulated carrier is given it keeps once, and it tells of each message once."""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from octavo.kernel.context import Context, Engines
from octavo.kernel.ids import new_id
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.carrier.simulated import actions, queries
from octavo.products.comms.carrier.simulated.carrier import SimulatedCarrier
from octavo.products.comms.carrier.simulated.rows import Handset, Reply, Said
from octavo.products.comms.carrier.simulated.service import bring_due, tell_due
from tests.products.comms.carrier.submissions import RECIPIENT, SENDER, a_submission


def later(ctx: Context, seconds: float = 60) -> Context:
    return ctx.engines.context(ctx.now + timedelta(seconds=seconds))


def a_handset(new: NewAccount, **others: Any) -> Handset:
    return Handset(account_id=new.account.id, number=RECIPIENT, **others)


async def fates(ctx: Context, new: NewAccount) -> list[str]:
    return await ctx.db.main.column(
        "SELECT fate FROM comms.simulated_sms WHERE account_id = $1 ORDER BY message_id", new.account.id
    )


async def said(ctx: Context, new: NewAccount) -> list[str]:
    lines = await queries.conversation(ctx, new.account.id, RECIPIENT, ctx.now + timedelta(hours=1))
    return [f"{'>' if line.said else '<'} {line.body}" for line in lines]


async def test_a_message_given_twice_is_taken_once(ctx: Context, engines: Engines, acme: NewAccount) -> None:
    carrier, batch = SimulatedCarrier(engines), [a_submission(acme.account.id) for _ in range(3)]
    first = await carrier.submit(batch)
    assert {one.kind for one in first} == {"accepted"}
    assert await carrier.settle(batch) == first
    assert await fates(ctx, acme) == ["delivered"] * 3
    assert await tell_due(later(ctx)) == 3
    assert await tell_due(later(ctx)) == 0


async def test_nothing_is_told_before_its_time(ctx: Context, engines: Engines, acme: NewAccount) -> None:
    await actions.keep_handset(ctx, a_handset(acme, delay_min=30, delay_max=30))
    await SimulatedCarrier(engines).submit([a_submission(acme.account.id)])
    assert await tell_due(later(ctx, 20)) == 0
    assert await said(ctx, acme) == []
    assert await tell_due(later(ctx, 60)) == 1
    assert await said(ctx, acme) == ["< Hello"]


async def test_what_is_lost_is_never_heard_of_again(ctx: Context, engines: Engines, acme: NewAccount) -> None:
    await actions.keep_handset(ctx, a_handset(acme, loss=1.0))
    await SimulatedCarrier(engines).submit([a_submission(acme.account.id)])
    assert await tell_due(later(ctx, 3600)) == 0
    assert await fates(ctx, acme) == ["lost"]


async def test_losses_are_the_same_in_every_run(ctx: Context, engines: Engines, acme: NewAccount) -> None:
    runs = []
    for _ in range(2):
        await actions.keep_handset(ctx, a_handset(acme, loss=0.5))
        for _ in range(2):
            await SimulatedCarrier(engines).submit([a_submission(acme.account.id) for _ in range(20)])
        runs.append(await fates(ctx, acme))
        await ctx.db.main.execute("DELETE FROM comms.simulated_sms WHERE account_id = $1", acme.account.id)
    assert runs[0] == runs[1]
    assert {"lost", "delivered"} == set(runs[0])


async def test_a_handset_that_comes_back_gets_what_waited(ctx: Context, engines: Engines, acme: NewAccount) -> None:
    await actions.switch(ctx, acme.account.id, RECIPIENT, online=False)
    await SimulatedCarrier(engines).submit([a_submission(acme.account.id)])
    assert await tell_due(later(ctx)) == 0
    await actions.switch(ctx, acme.account.id, RECIPIENT, online=True)
    assert await tell_due(later(ctx)) == 1
    assert await said(ctx, acme) == ["< Hello"]


async def test_a_handset_answers_by_its_rules_in_its_own_time(ctx: Context, engines: Engines, acme: NewAccount) -> None:
    await actions.keep_handset(ctx, a_handset(acme, replies=[Reply("hello", "Hi there", delay=5)]))
    await SimulatedCarrier(engines).submit([a_submission(acme.account.id), a_submission(acme.account.id, body="Bye")])
    assert await tell_due(later(ctx)) == 2
    assert await bring_due(later(ctx, 61)) == 0
    assert await bring_due(later(ctx, 70)) == 1
    assert await bring_due(later(ctx, 70)) == 0
    assert await said(ctx, acme) == ["< Hello", "< Bye", "> Hi there"]


async def test_a_handset_that_has_had_enough_opts_out_and_in_again(
    ctx: Context, engines: Engines, acme: NewAccount
) -> None:
    await actions.keep_handset(ctx, a_handset(acme, opt_out_after=2, opt_in_after=9.0))
    carrier = SimulatedCarrier(engines)
    await carrier.submit([a_submission(acme.account.id)])
    await tell_due(later(ctx, 30))
    await carrier.submit([a_submission(acme.account.id) for _ in range(2)])
    await tell_due(later(ctx))
    assert await said(ctx, acme) == ["< Hello", "< Hello", "< Hello", "> STOP", "> START"]


async def test_what_is_said_twice_under_one_id_is_said_once(ctx: Context, acme: NewAccount) -> None:
    one = Said(acme.account.id, new_id(), RECIPIENT, SENDER, "Hello?", [], ctx.now)
    for _ in range(2):
        async with ctx.db.main.transaction() as tx:
            await actions.say_all(ctx, tx, [one, replace(one, body="Other")])
    assert await said(ctx, acme) == ["> Hello?"]


async def test_handsets_are_of_one_account(
    ctx: Context, engines: Engines, acme: NewAccount, another: NewAccount
) -> None:
    await actions.keep_handset(ctx, a_handset(acme, error_code=30003))
    await SimulatedCarrier(engines).submit([a_submission(acme.account.id), a_submission(another.account.id)])
    assert await fates(ctx, acme) == ["undelivered"]
    assert await fates(ctx, another) == ["delivered"]
    await actions.forget_handset(ctx, acme.account.id, RECIPIENT)
    assert await queries.handsets_of(ctx.db.main, acme.account.id) == []


async def test_old_messages_are_forgotten(ctx: Context, engines: Engines, acme: NewAccount) -> None:
    await actions.keep_handset(ctx, a_handset(acme, replies=[Reply("", "Hi")]))
    await SimulatedCarrier(engines).submit([a_submission(acme.account.id)])
    await tell_due(later(ctx))
    await bring_due(later(ctx, 120))
    assert await actions.forget_old(ctx) == 0
    assert await actions.forget_old(later(ctx, 40 * 86_400)) == 2
    assert await said(ctx, acme) == []


async def test_a_doubt_is_settled_by_asking_and_changes_no_fate(
    ctx: Context, engines: Engines, acme: NewAccount
) -> None:
    await actions.keep_handset(ctx, a_handset(acme, loss=0.5))
    carrier, batch = SimulatedCarrier(engines), [a_submission(acme.account.id) for _ in range(20)]
    await carrier.submit(batch)
    undisturbed = await fates(ctx, acme)
    await ctx.db.main.execute("DELETE FROM comms.simulated_sms WHERE account_id = $1", acme.account.id)
    await actions.keep_handset(ctx, a_handset(acme, loss=0.5))
    await carrier.submit(batch[:8])
    assert [one.kind for one in await carrier.settle(batch[4:12])] == ["accepted"] * 8
    await carrier.submit(batch[12:])
    assert await fates(ctx, acme) == undisturbed
    assert await submissions(ctx, acme) == [1] * 20


async def test_what_is_given_again_is_counted_and_takes_no_turn(
    ctx: Context, engines: Engines, acme: NewAccount
) -> None:
    await actions.keep_handset(ctx, a_handset(acme, loss=0.5))
    one = a_submission(acme.account.id)
    for _ in range(2):
        await SimulatedCarrier(engines).submit([one])
    assert await submissions(ctx, acme) == [2]
    assert (await queries.handset(ctx.db.main, acme.account.id, RECIPIENT)).taken == 1


async def submissions(ctx: Context, new: NewAccount) -> list[int]:
    return await ctx.db.main.column("SELECT submissions FROM comms.simulated_sms WHERE account_id = $1", new.account.id)


async def test_a_message_that_cannot_be_told_of_holds_up_no_other(
    ctx: Context, engines: Engines, acme: NewAccount
) -> None:
    await actions.keep_handset(ctx, a_handset(acme, replies=[Reply("Hello", "Hi")]))
    batch = [a_submission(acme.account.id) for _ in range(3)]
    await SimulatedCarrier(engines).submit(batch)
    await ctx.db.main.execute(
        "UPDATE comms.simulated_sms SET sealed_body = 'x' WHERE message_id = $1", batch[1].message_id
    )
    assert await tell_due(later(ctx)) == 3
    open_ = await ctx.db.main.column("SELECT message_id FROM comms.simulated_sms WHERE report_at IS NOT NULL")
    assert open_ == [batch[1].message_id]
    assert await ctx.db.main.column("SELECT number FROM comms.alert WHERE account_id = $1", acme.account.id) == [20500]
    assert await tell_due(later(ctx, 120)) == 0, "it is set aside"
    await ctx.db.main.execute("UPDATE comms.simulated_sms SET sealed_body = NULL WHERE report_at IS NOT NULL")
    assert await tell_due(later(ctx, 900)) == 1, "and tried again"
