"""People stop and start messages with a word."""

import pytest

from octavo.kernel.context import Context
from octavo.kernel.ids import new_id
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.optout.actions import follow, forget_words, keep_words
from octavo.products.comms.optout.queries import is_opted_out, own_words
from octavo.products.comms.optout.rows import Wish, Words
from octavo.products.comms.optout.rules import read_wish

SENDER, PERSON = "+14156548501", "+14155550123"


@pytest.mark.parametrize(
    ("body", "wish"),
    [
        ("STOP", "STOP"),
        (" stop. ", "STOP"),
        ("'Unsubscribe'", "STOP"),
        ("Start", "START"),
        ("INFO", "HELP"),
        ("stop it", None),
        ("please stop", None),
        ("", None),
    ],
)
def test_a_wish_is_one_word_and_nothing_else(body: str, wish: Wish | None) -> None:
    found = read_wish(body, [])
    assert (found.wish if found else None) == wish


def test_words_of_an_accounts_own_stand_in_place_of_the_usual_ones() -> None:
    own = [Words("STOP", ["arret"], "Fini.")]
    found = read_wish("ARRET", own)
    assert found is not None
    assert (found.wish, found.answer) == ("STOP", "Fini.")
    assert read_wish("stop", own) is None
    assert read_wish("help", own) is not None


async def test_who_stops_a_sender_hears_no_more_of_it_until_they_start(ctx: Context, acme: NewAccount) -> None:
    async def is_out(sender: str = SENDER) -> bool:
        return await is_opted_out(ctx.db.main, acme.account.id, sender, None, PERSON)

    for wish, expected in (("STOP", True), ("STOP", True), ("HELP", True), ("START", False)):
        async with ctx.db.main.transaction() as tx:
            await follow(ctx, tx, acme.account.id, [SENDER], PERSON, wish)  # type: ignore[arg-type]
        assert await is_out() == expected
        assert not await is_out("+12126548502")


async def test_who_stops_a_service_stops_all_of_its_senders(ctx: Context, acme: NewAccount) -> None:
    service_id = new_id()
    async with ctx.db.main.transaction() as tx:
        await follow(ctx, tx, acme.account.id, [service_id.hex, SENDER], PERSON, "STOP")
    assert await is_opted_out(ctx.db.main, acme.account.id, "+12126548502", service_id, PERSON)
    assert await is_opted_out(ctx.db.main, acme.account.id, SENDER, None, PERSON)
    assert not await is_opted_out(ctx.db.main, acme.account.id, "+12126548502", None, PERSON)


async def test_a_senders_own_words_go_before_those_of_its_account(ctx: Context, acme: NewAccount) -> None:
    await keep_words(ctx, acme.account, Words("STOP", ["Basta", "basta"], "Ciao"))
    await keep_words(ctx, acme.account, Words("STOP", ["Genug"], "Bis bald"), sender=SENDER)
    assert await own_words(ctx.db.main, acme.account.id, SENDER) == [Words("STOP", ["genug"], "Bis bald")]
    assert await own_words(ctx.db.main, acme.account.id, "+1") == [Words("STOP", ["basta"], "Ciao")]
    await forget_words(ctx, acme.account, "STOP", sender=SENDER)
    assert await own_words(ctx.db.main, acme.account.id, SENDER) == [Words("STOP", ["basta"], "Ciao")]


@pytest.mark.parametrize("words", [[], [" "], ["x" * 41]])
async def test_words_that_nobody_could_send_are_refused(ctx: Context, acme: NewAccount, words: list[str]) -> None:
    with pytest.raises(CommsRefusal):
        await keep_words(ctx, acme.account, Words("STOP", words, "Bye"))
