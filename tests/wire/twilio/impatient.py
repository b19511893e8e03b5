"""An Octavo that waits for nobody, for tests of servers that misbehave.

Users' servers may be on one address of this machine; all others are inside, where nothing of theirs leads.
"""

import json
from collections.abc import Iterator

import pytest
from twilio.rest import Client

from octavo.twilio_client import OctavoHttpClient
from tests.harness.running import RunningOctavo
from tests.wire.twilio.commanding import commanded
from tests.wire.twilio.judging import judging
from tests.wire.twilio.trap import Trap, a_trap

OUTSIDE = "127.0.0.3"
# Callbacks that hang are given up early by their own URLs: others may answer slowly, from a busy machine.
SETTINGS = {
    "OCTAVO_CALLBACKS_ATTEMPTS": "2",
    "OCTAVO_CALLBACKS_FIRST_RETRY": "0.1",
    "OCTAVO_COMMS_MEDIA_SECONDS": "4",
    "OCTAVO_COMMS_SENDER_RATE": "1000",
    "OCTAVO_COMMS_SIMULATED_DELAY": "0.05",
    "OCTAVO_OUTGOING_ALLOW": OUTSIDE,
    "OCTAVO_OUTGOING_CONNECT_SECONDS": "3",
    "RES_OPTIONS": "timeout:1 attempts:3",  # a lost answer of the name server is not waited for (resolv.conf)
}


@pytest.fixture(scope="session")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningOctavo]:
    running = RunningOctavo(tmp_path_factory.mktemp("impatient") / "octavo", **SETTINGS).start()
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def owner(impatient: RunningOctavo) -> Iterator[Client]:
    """The client of an account there. What it is answered is judged when all is over."""
    made = json.loads(commanded(impatient.data_dir, "account", "create", "--name", "Owner", "--json"))
    with judging(f"http://127.0.0.1:{impatient.ports['twilio']}") as server:
        yield Client(made["sid"], made["auth_token"], http_client=OctavoHttpClient(server.url))
        assert not server.faults, "\n".join(dict.fromkeys(server.faults))


@pytest.fixture
def trap() -> Iterator[Trap]:
    """Nobody may have come when the test ends, while anybody could have."""
    with a_trap() as one:
        assert one.is_set()
        yield one
        assert one.came == []
        assert one.is_set()
