"""What is asked for under a SID that is none is not there, on every route; and nothing that is asked makes an error of
ours.
"""

import re

import httpx
import pytest

from octavo.kernel.http import Route
from octavo.products.comms.wire.twilio.dialect import TWILIO
from tests.wire.twilio.conftest import Credentials
from tests.wire.twilio.judging import JudgingServer

pytestmark = pytest.mark.slow
ROUTES = [route for route in TWILIO.routes if re.search(r"\{(?!account_)\w*sid\}", route.path)]
WRONG = ("XX" + "0" * 32, "SM" + "g" * 32, "SM1", "nothing", "%00", "'%20OR%201=1", "x" * 300)


@pytest.mark.parametrize("sid", WRONG)
def test_a_wrong_sid_is_not_found_on_any_route(judged_dialect: JudgingServer, acme: Credentials, sid: str) -> None:
    with httpx.Client(auth=(acme.sid, acme.auth_token), trust_env=False, timeout=30) as http:
        answers = {
            f"{route.method} {route.path}": asked(http, judged_dialect.url, route, acme, sid) for route in ROUTES
        }
    assert len(answers) > 80
    assert not {name: told for name, told in answers.items() if told not in expected(name)}


def expected(name: str) -> set[tuple[int, int]]:
    """Where something is written, a parameter that is missing may be told first."""
    missing = (404, 20404)
    return {missing, (400, 60200), (400, 20001)} if name.startswith("POST") else {missing}


def asked(http: httpx.Client, base: str, route: Route, acme: Credentials, sid: str) -> tuple[int, int]:
    _, host, path = route.path.split("/", 2)
    concrete = re.sub(r"\{\w+\}", sid, path.replace("{account_sid}", acme.sid))
    suffix = ".json" if host == "api" else ""
    answer = http.request(route.method, f"{base}/{concrete}{suffix}", headers={"Host": f"{host}.twilio.com"})
    return answer.status_code, answer.json()["code"]
