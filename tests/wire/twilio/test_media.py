"""The official Python SDK sends pictures; they are fetched, kept and read back, and nothing is fetched from inside."""

from collections.abc import Iterator

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from tests.wire.twilio.conftest import Credentials
from tests.wire.twilio.judging import JudgingServer
from tests.wire.twilio.patience import eventually
from tests.wire.twilio.serving import picture, serving_files

pytestmark = pytest.mark.slow
FINAL = {"delivered", "undelivered", "failed"}


@pytest.fixture(scope="module")
def files() -> Iterator[str]:
    with serving_files() as url:
        yield url


def sent(client: Client, acme: Credentials, url: str) -> MessageInstance:
    """A message with this file, once its fate is known."""
    made = client.messages.create(to="+14155550131", from_=acme.phone_number, body="Look", media_url=[url])
    return eventually(lambda: one if (one := client.messages(str(made.sid)).fetch()).status in FINAL else None)


def test_a_picture_goes_along_and_can_be_had_and_deleted(
    client: Client, acme: Credentials, files: str, judged_dialect: JudgingServer
) -> None:
    message = sent(client, acme, f"{files}/good.png")
    assert (message.status, message.num_media) == ("delivered", "1")
    assert str(message.sid).startswith("MM")
    (media,) = client.messages(str(message.sid)).media.list()
    assert (media.content_type, media.parent_sid) == ("image/png", message.sid)
    one = client.messages(str(message.sid)).media(str(media.sid))
    assert one.fetch().content_type == "image/png"
    bytes_of_it = httpx.get(
        judged_dialect.url + str(media.uri).removesuffix(".json"),
        auth=(acme.sid, acme.auth_token),
        headers={"Host": "api.twilio.com"},
        trust_env=False,
    )
    location = bytes_of_it.headers.get("location", "")
    assert bytes_of_it.status_code == 307
    got = httpx.get(
        judged_dialect.url + httpx.URL(location).raw_path.decode(), headers={"Host": "api.twilio.com"}, trust_env=False
    )
    assert got.content == picture()
    assert one.delete()
    with pytest.raises(TwilioRestException) as told:
        one.fetch()
    assert (told.value.status, told.value.code) == (404, 20404)


@pytest.mark.parametrize("file", ["lies.png", "endless.png", "inside.png", "gone.png"])
def test_what_cannot_be_fetched_fails_the_message(client: Client, acme: Credentials, files: str, file: str) -> None:
    message = sent(client, acme, f"{files}/{file}")
    assert message.status == "failed"
    assert 10000 <= int(str(message.error_code)) < 20000
    assert client.messages(str(message.sid)).media.list() == []
