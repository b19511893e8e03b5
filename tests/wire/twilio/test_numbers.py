"""The official Python SDK searches, buys, configures, lists and releases numbers, and what belongs to them."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from octavo.kernel.context import Engines
from octavo.products.comms.account.rows import NewAccount
from tests.harness.web import AppServer
from tests.products.comms.accounts import an_account
from tests.wire.twilio.judge import judge

T = TypeVar("T")


class HereClient(TwilioHttpClient):
    """Keeps the vendor's address for all but the connection; judges every answer."""

    def __init__(self, base: str) -> None:
        super().__init__(pool_connections=False)
        self._base = urlsplit(base)

    def request(
        self, method: str, url: str, *rest: Any, headers: dict[str, str] | None = None, **more: Any
    ) -> Response:
        parts = urlsplit(url)
        here = urlunsplit((self._base.scheme, self._base.netloc, parts.path, parts.query, ""))
        answer = super().request(method, here, *rest, headers={**(headers or {}), "Host": parts.netloc}, **more)
        faults = judge(method, url, answer.status_code, answer.text.encode())
        assert not faults, "\n".join(faults)
        return answer


@pytest.fixture
async def acme(engines: Engines) -> NewAccount:
    return await an_account(engines)


@pytest.fixture
def client(app_server: AppServer, acme: NewAccount) -> Client:
    here = HereClient(app_server.dialects["twilio"])
    return Client(acme.account.sid, acme.auth_token, http_client=here)


async def apart(work: Callable[[], T]) -> T:
    """The SDK blocks, and the server shares this event loop."""
    return await asyncio.to_thread(work)


def refused(work: Callable[[], object]) -> tuple[int, int | None]:
    with pytest.raises(TwilioRestException) as caught:
        work()
    return caught.value.status, caught.value.code


async def test_a_number_from_the_search_to_the_release(client: Client) -> None:
    def work() -> None:
        offered = client.available_phone_numbers("US").local.list(area_code=415, sms_enabled=True, limit=5)
        assert [one.locality for one in offered] == ["San Francisco"] * 5
        wanted = offered[0].phone_number
        assert wanted is not None
        bought = client.incoming_phone_numbers.create(phone_number=wanted, sms_url="https://a.example/sms")
        assert (bought.phone_number, bought.sms_url, bought.capabilities["sms"]) == (
            wanted,
            "https://a.example/sms",
            True,
        )
        assert bought.sid is not None
        changed = client.incoming_phone_numbers(bought.sid).update(voice_url="https://a.example/voice")
        assert (changed.voice_url, changed.sms_url) == ("https://a.example/voice", "https://a.example/sms")
        assert [one.sid for one in client.incoming_phone_numbers.list(phone_number=wanted)] == [bought.sid]
        assert wanted not in [
            one.phone_number for one in client.available_phone_numbers("US").local.list(area_code=415)
        ]
        assert client.incoming_phone_numbers(bought.sid).delete()
        assert refused(client.incoming_phone_numbers(bought.sid).fetch) == (404, 20404)

    await apart(work)


async def test_many_numbers_are_streamed_over_their_pages(client: Client) -> None:
    def work() -> None:
        for area in ("415", "510", "212", "312", "202"):
            client.incoming_phone_numbers.create(area_code=area)
        seen = [one.phone_number for one in client.incoming_phone_numbers.stream(page_size=2)]
        assert [str(number)[2:5] for number in seen] == ["202", "312", "212", "510", "415"]
        assert len(client.incoming_phone_numbers.local.list(page_size=3)) == 5
        assert client.incoming_phone_numbers.toll_free.list() == []

    await apart(work)


async def test_what_cannot_be_bought_has_the_code_that_programs_know(client: Client) -> None:
    numbers = client.incoming_phone_numbers
    assert await apart(lambda: refused(lambda: numbers.create(phone_number="+1234567890"))) == (400, 21421)
    assert await apart(lambda: refused(lambda: numbers.create(area_code="533"))) == (400, 21452)
    sid = "PN" + "0" * 32
    assert await apart(lambda: refused(numbers(sid).fetch)) == (404, 20404)
    assert await apart(lambda: refused(client.available_phone_numbers("ZZ").fetch)) == (404, 20404)


async def test_applications_and_addresses_stand_behind_numbers(client: Client) -> None:
    def work() -> None:
        application = client.applications.create(friendly_name="Desk", sms_url="https://a.example/sms")
        address = client.addresses.create("Acme", "1 Long Lane", "Springfield", "OR", "97477", "US")
        assert application.sid is not None
        assert address.sid is not None
        number = client.incoming_phone_numbers.create(
            area_code="415", sms_application_sid=application.sid, address_sid=address.sid
        )
        assert (number.sms_application_sid, number.address_sid) == (application.sid, address.sid)
        dependent = client.addresses(address.sid).dependent_phone_numbers.list()
        assert [one.sid for one in dependent] == [number.sid]
        assert [one.sid for one in client.applications.list(friendly_name="Desk")] == [application.sid]
        assert client.applications(application.sid).update(voice_url="https://a.example/voice").sms_method == "POST"
        assert client.applications(application.sid).delete()
        assert refused(client.addresses(address.sid).delete) == (409, 20009)

    await apart(work)


async def test_a_caller_id_is_asked_for(client: Client) -> None:
    def work() -> None:
        asked = client.validation_requests.create(phone_number="+14152051240", friendly_name="Desk")
        assert (asked.phone_number, len(asked.validation_code or "")) == ("+14152051240", 6)
        assert client.outgoing_caller_ids.list() == []
        assert refused(lambda: client.validation_requests.create(phone_number="nobody")) == (400, 21401)

    await apart(work)


async def test_lookups_and_prices(client: Client) -> None:
    def work() -> None:
        found = client.lookups.v2.phone_numbers("+447400123456").fetch(fields="line_type_intelligence")
        assert (found.valid, found.country_code) == (True, "GB")
        assert found.line_type_intelligence is not None
        assert client.lookups.v2.phone_numbers("hello").fetch().validation_errors == ["NOT_A_NUMBER"]
        country = client.pricing.v1.messaging.countries("US").fetch()
        assert (country.price_unit, country.iso_country) == ("USD", "US")
        assert len(client.pricing.v1.phone_numbers.countries.list(page_size=100)) > 200
        assert client.pricing.v1.voice.numbers("+447400123456").fetch().iso_country == "GB"

    await apart(work)
