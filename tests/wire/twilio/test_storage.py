"""An account that has used its storage, as the official Python SDK meets it."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from octavo.kernel.context import Engines
from octavo.kernel.outgoing import close_outgoing
from octavo.products.comms.account.commands import accounts
from octavo.products.comms.carrier.simulated.service import run_simulated_carrier
from octavo.products.comms.media.service import run_media
from octavo.products.comms.message.dispatch.service import run_dispatch
from octavo.settings import Settings
from octavo.twilio_client import OctavoHttpClient
from tests.harness.command_line import typing
from tests.harness.settings import patient_settings
from tests.harness.web import AppServer
from tests.products.comms.accounts import an_account
from tests.products.comms.message.outgoing import a_number
from tests.wire.twilio.judging import judging
from tests.wire.twilio.patience import eventually
from tests.wire.twilio.serving import picture, serving_files

pytestmark = pytest.mark.slow
TO = "+14155550131"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Accounts may store one picture each."""
    comms = {"media_quota": len(picture()), "simulated_delay": 0.05}
    return patient_settings(tmp_path / "data", comms=comms, outgoing={"allow": ["127.0.0.1"]})


@pytest.fixture
async def services(engines: Engines) -> AsyncIterator[None]:
    stopping = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for run in (run_dispatch, run_simulated_carrier, run_media):
            group.create_task(run(engines, stopping))
        yield
        stopping.set()
    await close_outgoing(engines)


async def test_media_is_refused_until_there_is_room_again(
    app_server: AppServer, engines: Engines, services: None
) -> None:
    acme = await an_account(engines)
    number = (await a_number(engines, acme.account)).number
    with serving_files() as files, judging(app_server.dialects["twilio"]) as server:
        client = Client(acme.account.sid, acme.auth_token, http_client=OctavoHttpClient(server.url))
        sent = await asyncio.to_thread(filled, client, number, f"{files}/good.png")
        shown = json.loads((await typing(engines, accounts)("show", acme.account.sid, "--json")).stdout)
        assert shown["storage_used"] == shown["storage_quota"] == len(picture())
        await asyncio.to_thread(refused_until_deleted, client, number, f"{files}/good.png", sent)
        assert not server.faults, "\n".join(dict.fromkeys(server.faults))


def filled(client: Client, number: str, url: str) -> str:
    """The message whose file takes all the room."""
    sid = str(client.messages.create(to=TO, from_=number, media_url=[url]).sid)
    eventually(lambda: client.messages(sid).fetch().status == "delivered")
    return sid


def refused_until_deleted(client: Client, number: str, url: str, sent: str) -> None:
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(to=TO, from_=number, media_url=[url])
    assert (refused.value.status, refused.value.code) == (400, 11751)
    assert "delete some" in refused.value.msg
    assert client.messages.create(to=TO, from_=number, body="Text has room").status == "queued"
    (kept,) = client.messages(sent).media.list()
    assert client.messages(sent).media(str(kept.sid)).delete()
    filled(client, number, url)
