"""The plugin as a user has it: a suite of its own, in a process of its own."""

import pytest

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.slow

SUITE = """
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

def test_a_handset_gets_a_message(octavo):
    phone = octavo.handset("+14155550100")
    octavo.client.messages.create(to=phone.number, from_=octavo.number, body="It is on its way")
    got = phone.wait(seconds=60)
    assert (got.sender, got.body) == (octavo.number, "It is on its way")
    assert [one.body for one in phone.messages] == ["It is on its way"]

def test_every_test_has_an_account_of_its_own(octavo):
    assert octavo.client.messages.list() == []
    assert octavo.handset("+14155550100").messages == []

def test_what_a_handset_says_arrives(octavo):
    phone = octavo.handset("+14155550100")
    phone.behave(replies={"way": "Thank you"})
    octavo.client.messages.create(to=phone.number, from_=octavo.number, body="It is on its way")
    phone.wait(containing="way", seconds=60)
    phone.send("When?")
    def inbound():
        return {one.body for one in octavo.client.messages.list(to=octavo.number)}
    import time
    for _ in range(1200):
        if inbound() == {"Thank you", "When?"}:
            return
        time.sleep(0.05)
    assert inbound() == {"Thank you", "When?"}

def test_a_handset_that_fails_fails(octavo):
    phone = octavo.handset("+14155550101")
    phone.behave(error_code=30003)
    sent = octavo.client.messages.create(to=phone.number, from_=octavo.number, body="Hello?")
    import time
    for _ in range(1200):
        if sent.fetch().status not in ("queued", "sending", "sent", "accepted"):
            break
        time.sleep(0.05)
    assert (sent.fetch().status, sent.fetch().error_code) == ("undelivered", 30003)

def test_code_that_knows_nothing_of_octavo_reaches_it(octavo, monkeypatch):
    for name, value in octavo.environment.items():
        monkeypatch.setenv(name, value)
    client = Client()
    assert client.api.accounts(octavo.account.sid).fetch().sid == octavo.account.sid

def test_waiting_in_vain_is_said_in_words(octavo):
    with pytest.raises(AssertionError, match="got no new message with 'code'"):
        octavo.handset("+14155550100").wait(containing="code", seconds=0.1)
"""


def test_a_users_suite_passes_with_it(pytester: pytest.Pytester) -> None:
    pytester.makeconftest('pytest_plugins = ["octavo.testing"]')
    pytester.makepyfile(test_shop=SUITE)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-q")
    result.assert_outcomes(passed=6)
