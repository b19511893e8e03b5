"""Texts of accounts that want them encrypted."""

from datetime import timedelta

from msgspec import structs

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.message import queries
from octavo.products.comms.message.bodies import new_body_key, opened
from octavo.products.comms.message.resealing import accounts_with_old_keys, reseal_bodies
from octavo.products.comms.message.rows import Message
from tests.products.comms.message.outgoing import a_message, a_number

SECRET = "the key is under the mat"


async def encrypting(engines: Engines, new: NewAccount) -> NewAccount:
    await engines.db.main.execute(
        "UPDATE comms.account SET encrypt_bodies = true WHERE account_id = $1", new.account.id
    )
    return structs.replace(new, account=structs.replace(new.account, encrypt_bodies=True))


async def stored(engines: Engines, message: Message) -> Message:
    return await queries.message(engines.db.main, message.account_id, message.id)


async def test_the_database_never_sees_the_text(engines: Engines, acme: NewAccount) -> None:
    message = await a_message(engines, await encrypting(engines, acme), body=SECRET)
    assert message.body == SECRET
    kept = await stored(engines, message)
    assert kept.body == ""
    assert kept.sealed_body is not None
    assert SECRET.encode() not in kept.sealed_body
    assert (await opened(engines, kept)).body == SECRET


async def test_old_texts_open_after_the_key_was_changed(engines: Engines, acme: NewAccount) -> None:
    account = await encrypting(engines, acme)
    sender = (await a_number(engines, acme.account)).number
    before = await a_message(engines, account, sender, body=SECRET)
    await new_body_key(engines, acme.account.id)
    after = await a_message(engines, account, sender, body=SECRET)
    kept = [await stored(engines, one) for one in (before, after)]
    assert kept[0].body_key != kept[1].body_key
    assert [(await opened(engines, one)).body for one in kept] == [SECRET, SECRET]


async def test_a_new_key_takes_over_all_texts_and_the_old_one_goes(engines: Engines, acme: NewAccount) -> None:
    sender = (await a_number(engines, acme.account)).number
    plain = await a_message(engines, acme, sender, body=SECRET)
    account = await encrypting(engines, acme)
    old = await a_message(engines, account, sender, body=SECRET)
    key = await new_body_key(engines, acme.account.id)
    assert await accounts_with_old_keys(engines.db.main) == [acme.account.id]
    later = engines.context(now() + timedelta(minutes=11))
    assert await reseal_bodies(later, acme.account.id) == 2
    kept = [await stored(engines, one) for one in (plain, old)]
    assert [(one.body, one.body_key) for one in kept] == [("", key), ("", key)]
    assert [(await opened(engines, one)).body for one in kept] == [SECRET, SECRET]
    assert await accounts_with_old_keys(engines.db.main) == []
    assert await reseal_bodies(later, acme.account.id) == 0
