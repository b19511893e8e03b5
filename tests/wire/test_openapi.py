"""Schemathesis against a running Octavo: what the OpenAPI document promises is what programs get."""

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import positive_data_acceptance

from octavo import app
from octavo.kernel.http import api_document
from tests.harness.addresses import session_of_its_own
from tests.harness.running import RunningOctavo
from tests.wire.accounts import signed_up

# A schema cannot say that an address must be new, a password good or a protocol's version known: such requests are
# right by the document and refused by the domain.
DOMAIN_DECIDES = [positive_data_acceptance]
QUIET = list(HealthCheck)
ROUTES = [route for module in app.MODULES for route in module.routes]

document = schemathesis.openapi.from_dict(api_document(ROUTES, {}))
# All but what ends the session that the tests use, and streams, which do not end.
api = document.exclude(path_regex="/sessions|/me/password|/progress$")


@pytest.fixture(scope="session")
def token(running_octavo: RunningOctavo) -> str:
    return signed_up(running_octavo.url).headers["Authorization"]


@pytest.fixture(scope="session")
def judge() -> requests.Session:
    """The many requests of the judge are counted for nobody else."""
    return session_of_its_own()


@api.parametrize()
@settings(max_examples=10, deadline=None, suppress_health_check=QUIET)
@pytest.mark.slow
def test_every_operation_keeps_its_promise(
    case: schemathesis.Case, running_octavo: RunningOctavo, token: str, judge: requests.Session
) -> None:
    response = case.call(running_octavo.url, judge, headers={"Authorization": token}, timeout=60)
    case.validate_response(response, headers={"Authorization": token}, excluded_checks=DOMAIN_DECIDES)


@api.parametrize()
@settings(max_examples=3, deadline=None, suppress_health_check=QUIET)
@pytest.mark.slow
def test_strangers_break_nothing(
    case: schemathesis.Case, running_octavo: RunningOctavo, judge: requests.Session
) -> None:
    response = case.call(running_octavo.url, judge, timeout=60)
    case.validate_response(response, checks=[not_a_server_error])


@pytest.mark.slow
def test_the_served_document_is_the_one_that_was_tested(running_octavo: RunningOctavo) -> None:
    served = httpx.get(f"{running_octavo.url}/openapi.json", timeout=60).json()
    assert served["paths"].keys() == api_document(ROUTES, {})["paths"].keys()
