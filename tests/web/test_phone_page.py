"""The web phone as a person holds it: messages come by themselves and answers go out, also without scripts."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.harness.addresses import client_of_its_own
from tests.harness.running import RunningOctavo
from tests.web.conftest import OpenWindow
from tests.web.devices import DESKTOP, PHONE
from tests.web.people import Person, a_person

ADA = "+14155550111"


@dataclass(frozen=True)
class Sender:
    """An account that sends to Ada's phone by the API."""

    person: Person
    sid: str
    token: str
    number: str
    api: str

    def send(self, body: str) -> None:
        with client_of_its_own(self.api) as client:
            answer = client.post(
                f"/2010-04-01/Accounts/{self.sid}/Messages.json",
                data={"From": self.number, "To": ADA, "Body": body},
                auth=(self.sid, self.token),
                headers={"host": "api.twilio.com"},
            )
        assert answer.status_code == 201, answer.text

    def address(self, *, peer: bool = False) -> str:
        query = {"account": self.sid, **({"peer": self.number} if peer else {})}
        return f"/comms/phone/{ADA}?{urlencode(query)}"


@pytest.fixture
def sender(octavo: RunningOctavo) -> Sender:
    person = a_person(octavo.url, "Nadia")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    opened = person.api.post("/comms/accounts", data={"name": "Acme"}, headers=form)
    sid = opened.headers["location"].rpartition("/")[2]
    page = person.api.post(f"/comms/accounts/{sid}/token", headers=form).text
    token = page.partition("Auth token")[2].partition('<code class="sid">')[2][:32]
    api = f"http://127.0.0.1:{octavo.ports['twilio']}"
    with client_of_its_own(api) as client:
        bought = client.post(
            f"/2010-04-01/Accounts/{sid}/IncomingPhoneNumbers.json",
            data={"AreaCode": "415"},
            auth=(sid, token),
            headers={"host": "api.twilio.com"},
        )
    return Sender(person, sid, token, bought.json()["phone_number"], api)


def bubble(page: Page, text: str) -> None:
    expect(page.locator("#bubbles li", has_text=text)).to_be_visible()


def test_messages_come_by_themselves_and_answers_go_out(open_window: OpenWindow, sender: Sender) -> None:
    sender.send("Your table is booked")
    page = open_window(DESKTOP, sender.person)
    page.goto(sender.address())
    page.get_by_role("link", name=sender.number).click()
    bubble(page, "Your table is booked")
    page.get_by_label("Text").fill("half a wo")
    sender.send("Until Friday")
    bubble(page, "Until Friday")
    expect(page.get_by_label("Text")).to_have_value("half a wo")
    page.get_by_label("Text").fill("Thank you")
    page.keyboard.press("Enter")
    bubble(page, "Thank you")
    expect(page.get_by_label("Text")).to_have_value("")
    expect(page.locator("#threads")).to_contain_text("You: Thank you")


def test_without_scripts_a_phone_reads_writes_and_behaves(open_window: OpenWindow, sender: Sender) -> None:
    page = open_window(PHONE, sender.person, java_script_enabled=False)
    page.goto(sender.address())
    page.get_by_role("link", name="New message").click()
    page.get_by_label("Text").fill("Is there parking?")
    page.get_by_role("button", name="Send").click()
    bubble(page, "Is there parking?")
    page.goto(sender.address())
    page.get_by_role("link", name="Behaviour").click()
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Answers", exact=True).fill("parking")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Line 1 is not written as")
    page.get_by_label("Answers", exact=True).fill("parking -> By tram")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Ada")).to_be_visible()
    page.get_by_role("button", name="Switch off").click()
    expect(page.get_by_text("Off the air")).to_be_visible()


def test_a_conversation_fits_a_small_phone_and_leads_back(open_window: OpenWindow, sender: Sender) -> None:
    sender.send("A long word: " + "abcdefghij" * 12)
    page = open_window({**PHONE, "viewport": {"width": 320, "height": 640}}, sender.person)
    page.goto(sender.address(peer=True))
    bubble(page, "A long word")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.get_by_role("link", name="Back to the conversations").click()
    expect(page.get_by_role("link", name="New message")).to_be_visible()
