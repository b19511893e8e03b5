"""The official Python SDK sends pictures; they are fetched, kept and read back, and nothing is fetched from inside."""

from collections.abc import Iterator, Mapping

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from tests.wire.twilio.conftest import Credentials
from tests.wire.twilio.impatient import OUTSIDE
from tests.wire.twilio.judging import JudgingServer
from tests.wire.twilio.patience import eventually
from tests.wire.twilio.serving import picture, serving_files
from tests.wire.twilio.trap import Trap

pytestmark = pytest.mark.slow
FINAL = {"delivered", "undelivered", "failed"}


@pytest.fixture(scope="module")
def files() -> Iterator[str]:
    with serving_files() as url:
        yield url


def fate(client: Client, made: MessageInstance) -> MessageInstance:
    """The message once its fate is known."""

    def final() -> MessageInstance | None:
        one = client.messages(str(made.sid)).fetch()
        return one if one.status in FINAL else None

    return eventually(final, seconds=120)  # slow servers are asked three times


def test_a_picture_goes_along_and_can_be_had_and_deleted(
    client: Client, acme: Credentials, files: str, judged_dialect: JudgingServer
) -> None:
    url = f"{files}/good.png"
    made = client.messages.create(to="+14155550131", from_=acme.phone_number, body="Look", media_url=[url])
    message = fate(client, made)
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
        timeout=60,
    )
    location = bytes_of_it.headers.get("location", "")
    assert bytes_of_it.status_code == 307
    got = httpx.get(
        judged_dialect.url + httpx.URL(location).raw_path.decode(),
        headers={"Host": "api.twilio.com"},
        trust_env=False,
        timeout=60,
    )
    assert got.content == picture()
    assert one.delete()
    with pytest.raises(TwilioRestException) as told:
        one.fetch()
    assert (told.value.status, told.value.code) == (404, 20404)


# Files that cannot be had, and the code under which their message fails.
BAD_FILES = {
    "page.png": 12300,
    "drawing.png": 12300,
    "program.png": 12300,
    "page.html": 12300,
    "picture.txt": 12300,
    "empty.png": 12300,
    "large.png": 11751,
    "endless.png": 11751,
    "bomb.png": 11751,
    "drip.png": 11205,
    "silent.png": 11205,
    "cut.png": 11205,
    "ring.png": 11215,
    "broken.png": 11200,
    "gone.png": 11200,
    "to?http://10.0.0.1/secret.png": 11100,
    "to?file:///etc/passwd": 11205,
    "to?http://nobody.invalid/a.png": 11205,
}


@pytest.fixture(scope="module")
def far_files() -> Iterator[str]:
    with serving_files(OUTSIDE) as url:
        yield url


@pytest.fixture
def number(owner: Client) -> str:
    """A number of an account whose Octavo does not wait long."""
    return str(owner.incoming_phone_numbers.create(area_code="415").phone_number)


def fates(client: Client, number: str, urls: Mapping[str, str]) -> dict[str, MessageInstance]:
    """What became of messages with these files, by the same names."""
    made = {
        name: client.messages.create(to="+14155550131", from_=number, body="Look", media_url=[url])
        for name, url in urls.items()
    }
    return {name: fate(client, one) for name, one in made.items()}


def test_what_cannot_be_fetched_fails_the_message(owner: Client, number: str, far_files: str) -> None:
    found = fates(owner, number, {file: f"{far_files}/{file}" for file in BAD_FILES})
    assert {file: one.error_code for file, one in found.items()} == BAD_FILES
    assert {one.status for one in found.values()} == {"failed"}
    alerts = {one.resource_sid: one.error_code for one in owner.monitor.v1.alerts.list()}
    for file, one in found.items():
        assert owner.messages(str(one.sid)).media.list() == []
        assert alerts[one.sid] == str(BAD_FILES[file])


def test_a_file_that_has_moved_is_found(owner: Client, number: str, far_files: str) -> None:
    urls = {"away": f"{far_files}/away.png", "farther": f"{far_files}/to?{far_files}/away.png"}
    assert {one.status for one in fates(owner, number, urls).values()} == {"delivered"}


def test_nothing_is_fetched_from_inside_however_its_address_is_written(
    owner: Client, number: str, far_files: str, trap: Trap
) -> None:
    urls = trap.urls()
    led = {f"to {host}": f"{far_files}/to?{url}" for host, url in urls.items()}
    led["to to"] = f"{far_files}/to?{far_files}/to?{urls['127.0.0.1']}"
    found = fates(owner, number, urls | led)
    assert {host: one.error_code for host, one in found.items() if one.error_code != 11100} == {}
