"""First steps and the TwiML validator."""

import re

from octavo.kernel.context import Engines
from tests.products.comms.console.test_messages import post, with_number
from tests.products.conftest import Enter


async def test_without_a_number_the_first_step_is_one(enter: Enter) -> None:
    nadia = await enter()
    await post(nadia, "/comms/accounts", name="Acme")
    assert "First, a number" in (await nadia.http.get("/comms/start")).text


async def test_the_snippets_are_for_the_persons_own_account(engines: Engines, enter: Enter) -> None:
    nadia = await enter()
    account, number = await with_number(engines, nadia)
    page = (await nadia.http.get("/comms/start")).text
    assert page.count(account.sid) > 3
    assert number in page
    assert not re.search(r"[^A-Za-z0-9][0-9a-f]{32}[^0-9a-f]", page)  # the token stands nowhere


async def test_the_validator_tells_what_would_happen(enter: Enter) -> None:
    nadia = await enter()
    page = await post(nadia, "/comms/twiml", document="<Response><Message>We open at nine</Message></Response>")
    assert "The document is in order" in page.text
    assert "We open at nine" in page.text


async def test_the_validator_tells_the_line_that_is_wrong(enter: Enter) -> None:
    nadia = await enter()
    page = await post(nadia, "/comms/twiml", document="<Response>\n<Dial>1</Dial>\n</Response>")
    assert "Line 2" in page.text
    unreadable = await post(nadia, "/comms/twiml", document="<Response>")
    assert "What is wrong" in unreadable.text
