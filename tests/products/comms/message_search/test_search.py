"""Messages are found by their ends, state, time and words, by their account alone, encrypted or not."""

from datetime import timedelta

import httpx
import pytest
from msgspec.structs import replace

from octavo.kernel.clock import now
from octavo.kernel.context import Context, Engines
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.message.actions import create_messages, delete_message, redact_message, take_reports
from octavo.products.comms.message.rows import Message, NewMessage, Report
from octavo.products.comms.message_search.queries import search_messages
from octavo.products.comms.message_search.rows import Wanted
from octavo.products.comms.message_search.service import index_round
from octavo.products.comms.number.actions import buy_any_number
from octavo.products.comms.number.rows import Search
from octavo.products.comms.paging import PageRequest
from tests.harness.web import AppServer
from tests.products.comms.accounts import an_account

TO, OTHER = "+14155550111", "+14155550122"


async def sent(engines: Engines, new: NewAccount, *bodies: str, to: str = TO) -> list[Message]:
    ctx = engines.context(now())
    number = await buy_any_number(ctx, new.account, Search(country="US"))
    found = await create_messages(
        ctx, new.account, [NewMessage(to=to, from_=number.number, body=body) for body in bodies]
    )
    messages = [one for one in found if isinstance(one, Message)]
    assert len(messages) == len(bodies)
    return messages


async def found(engines: Engines, new: NewAccount, **wanted: object) -> list[str]:
    slice = await search_messages(engines, new.account, Wanted(**wanted), PageRequest(size=50))  # type: ignore[arg-type]
    return [one.body for one in slice.items]


@pytest.mark.parametrize("encrypted", [False, True])
async def test_messages_are_found_by_their_words(engines: Engines, encrypted: bool) -> None:
    acme, other = await an_account(engines), await an_account(engines, "Another")
    account = replace(acme, account=replace(acme.account, encrypt_bodies=encrypted))
    await sent(engines, account, "Tea is ready", "Your code is 4711", "TEA and cake")
    await sent(engines, other, "tea of others")
    await index_round(engines)
    assert await found(engines, account, words="tea") == ["TEA and cake", "Tea is ready"]
    assert await found(engines, account, words="cake tea") == ["TEA and cake"]
    assert await found(engines, account, words="4711") == ["Your code is 4711"]
    assert await found(engines, account, words="coffee") == []
    plain = await engines.db.main.column(
        "SELECT token FROM search.token WHERE owner_id = $1 AND token NOT LIKE '#%'", acme.account.id
    )
    assert bool(plain) is not encrypted


async def test_messages_are_found_by_number_state_and_time(engines: Engines, acme: NewAccount) -> None:
    [first] = await sent(engines, acme, "tea for one")
    await sent(engines, acme, "tea for another", to=OTHER)
    ctx = engines.context(now())
    await take_reports(ctx, [Report(acme.account.id, first.id, "delivered", ctx.now)])
    await index_round(engines)
    for words in ("", "tea"):
        assert await found(engines, acme, words=words, number=OTHER) == ["tea for another"]
        assert await found(engines, acme, words=words, number=first.sender) == ["tea for one"]
        assert await found(engines, acme, words=words, status="delivered") == ["tea for one"]
        assert await found(engines, acme, words=words, since=ctx.now + timedelta(seconds=1)) == []
        assert len(await found(engines, acme, words=words, before=ctx.now)) == 2


async def test_what_was_redacted_or_deleted_is_not_found(engines: Engines, acme: NewAccount) -> None:
    first, second = await sent(engines, acme, "tea one", "tea two")
    await index_round(engines)
    await index_round(engines)  # again changes nothing
    ctx: Context = engines.context(now())
    await take_reports(ctx, [Report(acme.account.id, one.id, "delivered", ctx.now) for one in (first, second)])
    await redact_message(ctx, acme.account, first.id)
    await delete_message(ctx, acme.account, second.id)
    await index_round(engines)
    assert await found(engines, acme, words="tea") == []
    assert await engines.db.main.value("SELECT count(*) FROM search.token WHERE owner_id = $1", acme.account.id) == 0


async def test_the_api_answers_in_pages(app_server: AppServer, engines: Engines, acme: NewAccount) -> None:
    await sent(engines, acme, *[f"tea number {number}" for number in range(5)])
    await index_round(engines)
    bodies: list[str] = []
    credentials = (acme.account.sid, acme.auth_token)
    async with httpx.AsyncClient(base_url=app_server.url, auth=credentials, timeout=60) as client:
        after = ""
        while True:
            answer = await client.get(
                "/api/comms/v1/messages/search", params={"words": "tea", "limit": 2, "after": after}
            )
            assert answer.status_code == 200, answer.text
            bodies += [one["body"] for one in answer.json()["messages"]]
            after = answer.json()["next"]
            if not after:
                break
        wrong = await client.get("/api/comms/v1/messages/search", params={"status": "lost"})
        assert (wrong.status_code, list(wrong.json()["fields"])) == (422, ["status"])
    assert bodies == [f"tea number {number}" for number in range(4, -1, -1)]
