"""Numbers of others are called from once whoever answers there agreed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from octavo.kernel.callbacks import deliveries
from octavo.kernel.context import Context
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.caller_id import actions, queries
from octavo.products.comms.caller_id.rows import NewValidation
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.message.queries import messages
from octavo.products.comms.number.actions import buy_number
from octavo.products.comms.paging import PageRequest

NUMBER = "+14152051240"
CALLBACK = "https://a.example/verified"


async def told(ctx: Context, acme: NewAccount) -> list[str]:
    """How the verifications ended, as the callbacks say."""
    sent = await deliveries(ctx.db.main, acme.account.id)
    return [one.fields.partition("VerificationStatus=")[2].partition("&")[0] for one in sent]


async def test_the_handset_hears_the_words_and_the_right_code_makes_a_caller_id(ctx: Context, acme: NewAccount) -> None:
    made = await actions.request_validation(ctx, acme.account, NewValidation(NUMBER, status_callback=CALLBACK))
    heard = await queries.waiting_requests(ctx.db.main, acme.account.id, ctx.now, number=NUMBER)
    assert [one.id for one in heard] == [made.id]
    assert heard[0].words.startswith("Hello. Acme would like to show your number")
    assert made.code not in heard[0].words
    verified = await actions.confirm(ctx, acme.account, made.id, made.code)
    assert (verified.number, verified.friendly_name) == (NUMBER, "(415) 205-1240")
    assert await queries.may_call_from(ctx.db.main, acme.account.id, NUMBER)
    assert await told(ctx, acme) == ["success"]


async def test_the_third_wrong_code_ends_the_call(ctx: Context, acme: NewAccount) -> None:
    made = await actions.request_validation(ctx, acme.account, NewValidation(NUMBER, status_callback=CALLBACK))
    wrong = f"{(int(made.code) + 1) % 1_000_000:06}"
    for _ in range(3):
        with pytest.raises(CommsRefusal, match="not the code"):
            await actions.confirm(ctx, acme.account, made.id, wrong)
    with pytest.raises(CommsRefusal) as refused:
        await actions.confirm(ctx, acme.account, made.id, made.code)
    assert refused.value.number == 20404
    assert not await queries.may_call_from(ctx.db.main, acme.account.id, NUMBER)
    assert await told(ctx, acme) == ["failed"]


async def test_a_call_is_heard_after_its_delay_and_fails_when_nobody_answers(ctx: Context, acme: NewAccount) -> None:
    new = NewValidation(NUMBER, call_delay=30, status_callback=CALLBACK)
    made = await actions.request_validation(ctx, acme.account, new)
    assert await queries.waiting_requests(ctx.db.main, acme.account.id, ctx.now) == []
    soon, late = (replace(ctx, now=ctx.now + timedelta(seconds=seconds)) for seconds in (31, 631))
    assert await queries.waiting_requests(ctx.db.main, acme.account.id, soon.now) == [made]
    assert await actions.give_up(soon) == 0
    assert await actions.give_up(late) == 1
    assert await told(ctx, acme) == ["failed"]


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (NewValidation("none"), 21401),
        (NewValidation("+1234567890"), 21401),
        (NewValidation("+19002345678"), 21459),
        (NewValidation(NUMBER, call_delay=61), 21454),
        (NewValidation(NUMBER, friendly_name="x" * 65), 20002),
        (NewValidation(NUMBER, status_callback="nowhere"), 21402),
    ],
)
async def test_what_cannot_be_asked_is_refused(ctx: Context, acme: NewAccount, new: NewValidation, code: int) -> None:
    with pytest.raises(CommsRefusal) as refused:
        await actions.request_validation(ctx, acme.account, new)
    assert refused.value.number == code


async def test_numbers_that_may_be_called_from_already_need_no_proof(ctx: Context, acme: NewAccount) -> None:
    made = await actions.request_validation(ctx, acme.account, NewValidation(NUMBER))
    await actions.confirm(ctx, acme.account, made.id, made.code)
    await buy_number(ctx, acme.account, "+14156548503")
    for number, code in ((NUMBER, 21450), ("+14156548503", 21449)):
        with pytest.raises(CommsRefusal) as refused:
            await actions.request_validation(ctx, acme.account, NewValidation(number))
        assert refused.value.number == code


async def test_a_code_that_goes_there_by_text_comes_back_from_whoever_reads_it(ctx: Context, acme: NewAccount) -> None:
    new = NewValidation(NUMBER, "sms")
    with pytest.raises(CommsRefusal) as refused:
        await actions.request_validation(ctx, acme.account, new)
    assert refused.value.number == 21606  # nothing to send from
    await buy_number(ctx, acme.account, "+14156548503")
    made = await actions.request_validation(ctx, acme.account, new)
    sent = await messages(ctx.db.main, acme.account.id, PageRequest())
    assert [(one.sender, one.recipient) for one in sent.items] == [("+14156548503", NUMBER)]
    assert (made.code in sent.items[0].body, made.words) == (True, "")  # it is a message, and kept as one
    assert await queries.waiting_requests(ctx.db.main, acme.account.id, ctx.now, number=NUMBER) == []
    assert (await actions.confirm(ctx, acme.account, made.id, made.code)).number == NUMBER
