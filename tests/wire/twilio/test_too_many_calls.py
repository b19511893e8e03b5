"""An account that calls too often is told to wait, by the SDK's own exception."""

import asyncio
import json
import os
import subprocess
from pathlib import Path

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from octavo.kernel.context import Engines
from octavo.settings import Settings
from octavo.twilio_client import OctavoHttpClient
from octavo.ui.node import node_command
from tests.harness.settings import patient_settings
from tests.harness.web import AppServer
from tests.products.comms.accounts import an_account
from tests.wire.packages import node_modules


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return patient_settings(tmp_path / "data", comms={"requests_per_second": 2})


async def test_the_sdk_raises_20429(app_server: AppServer, engines: Engines) -> None:
    acme = await an_account(engines)
    client = Client(acme.account.sid, acme.auth_token, http_client=OctavoHttpClient(app_server.dialects["twilio"]))

    def call_until_refused() -> TwilioRestException:
        with pytest.raises(TwilioRestException) as told:
            for _ in range(50):
                client.api.accounts(acme.account.sid).fetch()
        return told.value

    refused = await asyncio.to_thread(call_until_refused)
    assert (refused.status, refused.code) == (429, 20429)


async def test_the_answer_says_how_long_to_wait(app_server: AppServer, engines: Engines) -> None:
    acme = await an_account(engines)
    async with httpx.AsyncClient(
        base_url=app_server.dialects["twilio"],
        auth=(acme.account.sid, acme.auth_token),
        headers={"Host": "api.twilio.com"},
        timeout=60,
    ) as http:
        path = f"/2010-04-01/Accounts/{acme.account.sid}.json"
        answers = [await http.get(path) for _ in range(12)]
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert int(refused.headers["Retry-After"]) >= 1


@pytest.mark.slow
async def test_the_node_sdk_waits_by_itself(app_server: AppServer, engines: Engines) -> None:
    acme = await an_account(engines)
    node_modules()
    done = await asyncio.to_thread(
        subprocess.run,
        node_command(str(Path(__file__).with_name("patient.mjs")), app_server.dialects["twilio"]),
        env=os.environ | {"TWILIO_ACCOUNT_SID": acme.account.sid, "TWILIO_AUTH_TOKEN": acme.auth_token},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"refused": ["429 20429"], "answered": 6}
