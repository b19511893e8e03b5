"""The official SDKs against a running Octavo: everything that goes over the wire here is judged.

A test that leaves a fault behind fails at its end with the sentences of the judge.
"""

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from octavo.kernel.processes import die_with_parent
from octavo.twilio_client import OctavoHttpClient
from octavo.ui.node import node_command
from tests.harness.days import within_a_day
from tests.harness.running import RunningOctavo
from tests.wire.packages import node_modules
from tests.wire.twilio.believing import NodeValidators, started
from tests.wire.twilio.commanding import COMMS, commanded, environment
from tests.wire.twilio.impatient import impatient, owner, trap
from tests.wire.twilio.judging import JudgingServer, judging
from tests.wire.twilio.receiving import Receiver, receiving
from tests.wire.twilio.saying import Says, person_of

# Walks fail with what they saw, as tests do.
pytest.register_assert_rewrite("tests.wire.twilio.walks")
HERE = Path(__file__).parent
__all__ = ["impatient", "owner", "trap", "within_a_day"]  # fixtures of several modules
NODE_SECONDS = 240
RUNNING = {"octavo", "impatient"}
# Callbacks go to servers of the tests on loopback, and nobody waits for a carrier's real pace. What failed does not
# come again while tests run: its server would be gone by then, and another one might have its port.
SETTINGS = {
    "OCTAVO_OUTGOING_ALLOW": "127.0.0.0/8",
    "OCTAVO_CALLBACKS_FIRST_RETRY": "3600",
    "OCTAVO_COMMS_PROXY_PORT": "0",
    # As where a web server on this machine stands in front: what our own proxy's clients claim stays unbelieved.
    "OCTAVO_HTTP_TRUSTED_PROXIES": "127.0.0.0/8",
    "OCTAVO_COMMS_SENDER_RATE": "1000",
    "OCTAVO_COMMS_SIMULATED_DELAY": "0.05",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that look at the running Octavos go to one process, so that those are started once."""
    for item in items:
        if HERE in item.path.parents and not RUNNING.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.xdist_group("twilio"))


@dataclass(frozen=True)
class Credentials:
    """What `octavo comms account create` prints."""

    sid: str
    auth_token: str
    test_sid: str
    test_auth_token: str
    phone_number: str


@dataclass(frozen=True)
class RunningProxy:
    """`octavo comms proxy`: its address, and the certificate to trust."""

    proxy: str
    ca: str
    to: str


@pytest.fixture(scope="session")
def octavo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningOctavo]:
    """One `octavo up` for all these tests."""
    running = RunningOctavo(tmp_path_factory.mktemp("twilio") / "octavo", **SETTINGS).start()
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="session")
def new_account(octavo: RunningOctavo) -> Callable[[str], Credentials]:
    """Open an account as an operator does: `new_account("Acme")`. It takes a second; sub-accounts are quicker."""

    def create(name: str) -> Credentials:
        return Credentials(**json.loads(commanded(octavo.data_dir, "account", "create", "--name", name, "--json")))

    return create


@pytest.fixture(scope="session")
def acme(new_account: Callable[[str], Credentials]) -> Credentials:
    """The account of these tests."""
    return new_account("Acme")


@pytest.fixture(scope="session")
def judged_dialect(octavo: RunningOctavo) -> Iterator[JudgingServer]:
    with judging(f"http://127.0.0.1:{octavo.ports['twilio']}") as server:
        yield server


@pytest.fixture(autouse=True)
def as_documented(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test whose exchanges differ from what the vendor documents."""
    if "judged_dialect" not in request.fixturenames:
        yield
        return
    server: JudgingServer = request.getfixturevalue("judged_dialect")
    server.take_faults()
    server.take_exchanges()
    yield
    faults = server.take_faults()
    assert not faults, "\n".join(dict.fromkeys(faults))


@pytest.fixture(scope="session")
def client_of(judged_dialect: JudgingServer) -> Callable[..., Client]:
    """The official client through our HTTP client: `client_of(sid, token)`, more arguments as for `Client`."""

    def client(sid: str, token: str, **options: Any) -> Client:
        return Client(sid, token, http_client=OctavoHttpClient(judged_dialect.url), **options)

    return client


@pytest.fixture
def client(client_of: Callable[..., Client], acme: Credentials) -> Client:
    return client_of(acme.sid, acme.auth_token)


@pytest.fixture
def sub_client(client: Client, client_of: Callable[..., Client]) -> Client:
    """A client of a sub-account that this test has for itself, empty at first."""
    made = client.api.accounts.create(friendly_name="of one test")
    assert made.sid
    assert made.auth_token
    return client_of(made.sid, made.auth_token)


@pytest.fixture(scope="session")
def proxy(octavo: RunningOctavo, judged_dialect: JudgingServer) -> Iterator[RunningProxy]:
    options = ["proxy", "--data", str(octavo.data_dir), "--to", judged_dialect.url, "--port", "0", "--json"]
    process = subprocess.Popen(
        [*COMMS, *options], env=environment(), stdout=subprocess.PIPE, text=True, preexec_fn=die_with_parent()
    )
    assert process.stdout is not None
    with process.stdout as lines:
        yield RunningProxy(**json.loads(lines.readline()))
        process.terminate()
        assert process.wait(60) == 0


@pytest.fixture
def proxied_client(proxy: RunningProxy, acme: Credentials) -> Client:
    """The official client with its own HTTP client, through the proxy."""
    return Client(acme.sid, acme.auth_token, http_client=through(proxy))


@pytest.fixture
def run_node(proxy: RunningProxy, acme: Credentials) -> Callable[..., Any]:
    """Run a script of this folder with the official Node SDK through the proxy; gives what its last line says.

    The script finds its account in TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and PHONE_NUMBER.
    """
    node_modules()

    def run(script: str, *arguments: str, **more: str) -> Any:
        variables = {
            "HTTP_PROXY": proxy.proxy,
            "NODE_EXTRA_CA_CERTS": proxy.ca,
            "TWILIO_ACCOUNT_SID": acme.sid,
            "TWILIO_AUTH_TOKEN": acme.auth_token,
            "PHONE_NUMBER": acme.phone_number,
        }
        done = subprocess.run(
            node_command(str(HERE / script), *arguments),
            env=environment() | variables | more,
            capture_output=True,
            text=True,
            timeout=NODE_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return run


@pytest.fixture(scope="session")
def node_validators() -> Iterator[NodeValidators]:
    with started() as validators:
        yield validators


@pytest.fixture
def receiver(acme: Credentials, node_validators: NodeValidators) -> Iterator[Receiver]:
    """A server for callbacks. A signature that an official validator refuses fails the test."""
    with receiving() as server:
        server.knows(acme.sid, acme.auth_token)
        yield server
        faults = [*server.faults, *node_validators.faults(server)]
        assert not faults, "\n".join(faults)


@pytest.fixture
def person_says(octavo: RunningOctavo, acme: Credentials) -> Says:
    return person_of(octavo, acme.sid, acme.phone_number)


def through(proxy: RunningProxy) -> TwilioHttpClient:
    """The SDK's own HTTP client, told of the proxy in code: the environment is the whole test process's."""
    http = TwilioHttpClient(proxy={"https": proxy.proxy})
    assert http.session is not None
    http.session.trust_env, http.session.verify = False, proxy.ca
    return http
