"""The vendor's own cluster tests of both SDKs, unmodified, through the proxy.

They are not ours to keep: TWILIO_SDK_TESTS names a directory with checkouts of twilio-python and twilio-node.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from twilio.rest import Client

from tests.wire.packages import node_modules
from tests.wire.twilio.commanding import environment
from tests.wire.twilio.conftest import Credentials, RunningProxy

pytestmark = [
    pytest.mark.slow,
    pytest.mark.borrowed,
    pytest.mark.skipif(
        "TWILIO_SDK_TESTS" not in os.environ,
        reason="TWILIO_SDK_TESTS names no directory with checkouts of twilio-python and twilio-node.",
    ),
]
# Calls and conversations are products that follow; the day they are here, these names go.
LATER = {
    "test_allow_special_characters_for_friendly_and_identity_name",
    "test_calling_twiml_object",
    "test_calling_twiml_string",
    "Should allow special characters for friendly and identity name",
    "Should call with twiml object",
    "Should call with twiml string",
}


@pytest.fixture
def variables(client: Client, acme: Credentials) -> dict[str, str]:
    """What the vendor's pipelines set: an API key, and an account with two numbers at least."""
    client.incoming_phone_numbers.create(area_code="415")
    key = client.new_keys.create(friendly_name="cluster")
    assert key.sid
    assert key.secret
    return {
        "TWILIO_ACCOUNT_SID": acme.sid,
        "TWILIO_API_KEY": key.sid,
        "TWILIO_API_SECRET": key.secret,
        "TWILIO_AUTH_TOKEN": acme.auth_token,
        "TWILIO_FROM_NUMBER": acme.phone_number,
        "TWILIO_TO_NUMBER": "+14155550123",
    }


def checkout(path: str) -> Path:
    found = sorted(Path(os.environ["TWILIO_SDK_TESTS"]).rglob(path))
    assert found, f"there is no {path} below TWILIO_SDK_TESTS"
    return found[0]


def test_the_cluster_tests_of_twilio_python_pass(
    proxy: RunningProxy, variables: dict[str, str], tmp_path: Path
) -> None:
    report = tmp_path / "report.xml"
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", "test_cluster.py"],
        cwd=checkout("tests/cluster/test_cluster.py").parent,
        env=environment() | variables | {"HTTPS_PROXY": proxy.proxy, "REQUESTS_CA_BUNDLE": proxy.ca},
        check=False,
        timeout=120,
    )
    cases = ElementTree.parse(report).getroot().iter("testcase")
    became = {str(case.get("name")): [problem.get("message") for problem in case] for case in cases}
    assert len(became) >= 7
    assert not {name: problems for name, problems in became.items() if problems and name not in LATER}


def test_the_cluster_tests_of_twilio_node_pass(
    run_node: Callable[..., Any], variables: dict[str, str], tmp_path: Path
) -> None:
    # Beside the packages, because a module looks for them from where it lies.
    (tmp_path / "node_modules").symlink_to(node_modules())
    spec = shutil.copy(checkout("spec/cluster/test.spec.ts"), tmp_path)
    became = run_node("cluster.mjs", str(spec), **variables)
    assert len(became) >= 7
    assert not {name: problem for name, problem in became.items() if problem != "passed" and name not in LATER}
