"""An account that has used its storage is told so when it sends media, by every way in."""

import httpx
import pytest

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.message.actions import create_messages
from octavo.products.comms.message.rows import Message, NewMessage
from tests.harness.web import AppServer
from tests.products.comms.message.outgoing import TO, a_number

MEDIA = ["https://example.org/a.png"]


@pytest.fixture
async def number(engines: Engines, acme: NewAccount) -> str:
    """Of an account whose files take all that they may."""
    await engines.db.main.execute(
        "INSERT INTO comms.media_usage (account_id, slot, bytes) VALUES ($1, 0, $2)",
        acme.account.id,
        engines.settings.comms.media_quota,
    )
    return (await a_number(engines, acme.account)).number


async def test_our_api_answers_with_a_problem(app_server: AppServer, acme: NewAccount, number: str) -> None:
    wanted = {"to": TO, "from": number, "body": "Look", "media": MEDIA}
    auth = (acme.account.sid, acme.auth_token)
    async with httpx.AsyncClient(base_url=app_server.url, auth=auth) as http:
        answer = await http.post("/api/comms/v1/messages", json=wanted)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert answer.json()["type"] == "/problems/11751"
    assert "delete some" in answer.json()["detail"]


async def test_the_plain_paths_answer_with_an_error(app_server: AppServer, acme: NewAccount, number: str) -> None:
    wanted = {"to": TO, "from": number, "body": "Look", "media_url": MEDIA[0]}
    key = {"Authorization": f"Bearer {acme.account.sid}:{acme.auth_token}"}
    async with httpx.AsyncClient(base_url=app_server.dialects["article"]) as http:
        answer = await http.post("/messaging/messages/mms", json=wanted, headers=key)
    assert answer.status_code == 400
    assert "delete some" in answer.json()["error"]


async def test_of_many_those_without_media_go(engines: Engines, acme: NewAccount, number: str) -> None:
    some = [NewMessage(to=TO, from_=number, body="Tea", media_urls=media) for media in ([], MEDIA, [])]
    verdicts = await create_messages(engines.context(now()), acme.account, some)
    assert [isinstance(one, Message) for one in verdicts] == [True, False, True]
