"""The official Node SDK, unmodified, walks through every resource: by the proxy, and by the client of ten lines."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from twilio.rest import Client

from tests.harness.running import RunningOctavo
from tests.wire.twilio.answering import answered
from tests.wire.twilio.conftest import Credentials
from tests.wire.twilio.judging import JudgingServer
from tests.wire.twilio.serving import serving_files

pytestmark = pytest.mark.slow
# Nothing listens at the port of discard.
NOWHERE = "http://127.0.0.1:9/"
Walk = Callable[..., None]


@pytest.fixture(scope="module")
def files() -> Iterator[str]:
    with serving_files() as url:
        yield url


@pytest.fixture(params=["proxy", "client"])
def walk(request: pytest.FixtureRequest, run_node: Callable[..., Any], judged_dialect: JudgingServer) -> Walk:
    """Run a walk. It fails with what became of each part that did not go well."""
    direct = {"OCTAVO_URL": judged_dialect.url, "HTTP_PROXY": "", "NODE_EXTRA_CA_CERTS": ""}

    def run(name: str, *arguments: str, **more: str) -> None:
        became = run_node(f"walk_{name}.mjs", *arguments, **(direct if request.param == "client" else {}), **more)
        faults = [f"{part}: {said}" for part, said in became.items() if said != "walked"]
        assert became
        assert not faults, "\n\n".join(faults)

    return run


@pytest.mark.parametrize("name", ["account", "factors", "messaging", "numbers", "refusals", "verify"])
def test_it_walks_through_what_an_account_has(walk: Walk, name: str) -> None:
    walk(name)


def test_it_walks_through_numbers_of_others(walk: Walk, sub_client: Client, octavo: RunningOctavo) -> None:
    for number in range(3):
        asked = sub_client.validation_requests.create(f"+1415205124{number}", friendly_name=f"Desk {number}")
        answered(octavo, asked)
    walk("caller_ids", TWILIO_ACCOUNT_SID=sub_client.account_sid, TWILIO_AUTH_TOKEN=sub_client.password)


def test_it_walks_through_messages(walk: Walk, acme: Credentials, files: str) -> None:
    walk("messages", files, TEST_ACCOUNT_SID=acme.test_sid, TEST_AUTH_TOKEN=acme.test_auth_token)


def test_it_walks_through_what_is_recorded(walk: Walk) -> None:
    walk("records", NOWHERE)
