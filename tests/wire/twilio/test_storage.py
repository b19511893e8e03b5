"""An account that has used its storage, as the official Python SDK meets it."""

import json
import subprocess
from collections.abc import Iterator

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from octavo.twilio_client import OctavoHttpClient
from tests.harness.running import RunningOctavo
from tests.wire.twilio.conftest import COMMS, SETTINGS, Credentials, environment
from tests.wire.twilio.judging import judging
from tests.wire.twilio.patience import eventually
from tests.wire.twilio.serving import picture, serving_files

pytestmark = pytest.mark.slow
TO = "+14155550131"
QUOTA = {"OCTAVO_COMMS_MEDIA_QUOTA": str(len(picture()))}


@pytest.fixture
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningOctavo]:
    """An Octavo whose accounts may store one picture each."""
    running = RunningOctavo(tmp_path_factory.mktemp("small") / "octavo", **(SETTINGS | QUOTA)).start()
    yield running
    assert running.stop() == 0


def ran(running: RunningOctavo, *words: str) -> str:
    command = [*COMMS, "account", *words, "--data", str(running.data_dir), "--json"]
    return subprocess.run(command, env=environment() | QUOTA, check=True, capture_output=True, text=True).stdout


def test_media_is_refused_until_there_is_room_again(small: RunningOctavo) -> None:
    new = Credentials(**json.loads(ran(small, "create", "--name", "Small")))
    with serving_files() as files, judging(f"http://127.0.0.1:{small.ports['twilio']}") as server:
        client = Client(new.sid, new.auth_token, http_client=OctavoHttpClient(server.url))
        url = f"{files}/good.png"
        first = client.messages.create(to=TO, from_=new.phone_number, media_url=[url])
        eventually(lambda: client.messages(str(first.sid)).fetch().status == "delivered")
        shown = json.loads(ran(small, "show", new.sid))
        assert shown["storage_used"] == shown["storage_quota"] == len(picture())

        with pytest.raises(TwilioRestException) as refused:
            client.messages.create(to=TO, from_=new.phone_number, media_url=[url])
        assert (refused.value.status, refused.value.code) == (400, 11751)
        assert "delete some" in refused.value.msg
        assert client.messages.create(to=TO, from_=new.phone_number, body="Text has room").status == "queued"

        (kept,) = client.messages(str(first.sid)).media.list()
        assert client.messages(str(first.sid)).media(str(kept.sid)).delete()
        again = client.messages.create(to=TO, from_=new.phone_number, media_url=[url])
        eventually(lambda: client.messages(str(again.sid)).fetch().status == "delivered")
        assert not server.faults, "\n".join(dict.fromkeys(server.faults))
