"""The official Node SDK, unmodified, walks through every resource: by the proxy, and by the client of ten lines."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from twilio.rest import Client

from tests.harness.running import RunningOctavo
from tests.wire.twilio.answering import answered
from tests.wire.twilio.bad_messages import MESSAGES
from tests.wire.twilio.conftest import Credentials
from tests.wire.twilio.judging import JudgingServer
from tests.wire.twilio.met import ROUTES, left_out
from tests.wire.twilio.serving import serving_files

pytestmark = pytest.mark.slow
# Nothing listens at the port of discard.
NOWHERE = "http://127.0.0.1:9/"
# The resources of each walk, by the modules that declare them.
WALKS = {
    "account": "accounts.auth_tokens accounts.credentials accounts.geo_permissions accounts.safelist api.accounts"
    " api.balance api.keys api.tokens",
    "bad_messages": "",
    "caller_ids": "api.notifications api.outgoing_caller_ids api.validation_requests",
    "factors": "verify.challenges verify.entities verify.factors",
    "messages": "api.media api.messages",
    "messaging": "messaging.alpha_senders messaging.compliance messaging.deactivations messaging.phone_numbers"
    " messaging.services messaging.short_codes",
    "numbers": "api.addresses api.applications api.assigned_add_ons api.available_phone_numbers"
    " api.incoming_phone_numbers api.short_codes",
    "records": "api.usage_records api.usage_triggers lookups.phone_numbers monitor.alerts monitor.events"
    " pricing.prices",
    "refusals": "",
    "verify": "verify.attempts verify.messaging_configurations verify.rate_limits verify.safelist verify.services"
    " verify.templates verify.verifications verify.webhooks",
}
Walk = Callable[..., None]
# The client of ten lines changes where calls go, whatever they ask for: two walks over many hosts show that it does.
# With the Python SDK all go by such a client, and here in the long form.
both_ways = pytest.mark.parametrize("way", ["proxy", "client"])
by_proxy = pytest.mark.parametrize("way", ["proxy", pytest.param("client", marks=pytest.mark.long)])


def test_every_resource_is_in_a_walk() -> None:
    assert sorted(" ".join(WALKS.values()).split()) == sorted(ROUTES)


@pytest.fixture(scope="module")
def files() -> Iterator[str]:
    with serving_files() as url:
        yield url


@pytest.fixture
def walk(way: str, run_node: Callable[..., Any], judged_dialect: JudgingServer) -> Walk:
    """Run a walk. It fails with what became of each part that did not go well, and with the routes left out."""
    direct = {"OCTAVO_URL": judged_dialect.url, "HTTP_PROXY": "", "NODE_EXTRA_CA_CERTS": ""}

    def run(name: str, *arguments: str, **more: str) -> None:
        became = run_node(f"walk_{name}.mjs", *arguments, **(direct if way == "client" else {}), **more)
        faults = [f"{part}: {said}" for part, said in became.items() if said != "walked"]
        exchanges = judged_dialect.take_exchanges()
        faults += [f"never: {route}" for resource in WALKS[name].split() for route in left_out(resource, exchanges)]
        assert became
        assert not faults, "\n\n".join(faults)

    return run


@by_proxy
@pytest.mark.parametrize("name", ["account", "factors", "messaging", "numbers", "refusals", "verify"])
def test_it_walks_through_what_an_account_has(walk: Walk, name: str) -> None:
    walk(name)


@by_proxy
def test_it_walks_through_numbers_of_others(walk: Walk, sub_client: Client, octavo: RunningOctavo) -> None:
    for number in range(3):
        asked = sub_client.validation_requests.create(
            f"+1415205124{number}", friendly_name=f"Desk {number}", status_callback=NOWHERE
        )
        answered(octavo, asked)
    walk("caller_ids", TWILIO_ACCOUNT_SID=sub_client.account_sid, TWILIO_AUTH_TOKEN=sub_client.password)


@both_ways
def test_it_walks_through_messages(walk: Walk, acme: Credentials, files: str) -> None:
    walk("messages", files, TEST_ACCOUNT_SID=acme.test_sid, TEST_AUTH_TOKEN=acme.test_auth_token)


@by_proxy
def test_it_is_told_why_a_message_cannot_be_sent(walk: Walk) -> None:
    walk("bad_messages", json.dumps(MESSAGES))


@both_ways
def test_it_walks_through_what_is_recorded(walk: Walk) -> None:
    walk("records", NOWHERE)
