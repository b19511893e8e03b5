"""An account of the communications API with a number, messages in several states, and requests that went wrong."""

import json
import re
import subprocess
import sys
import time

from tests.harness.running import RunningOctavo
from tests.web.people import Person

DELIVERED_WITHIN = 60.0
NOBODY = "http://127.0.0.1:9/hook"  # is refused: it lies inside the operator's own network
REFUSED = ("+922134567890", "+922134567891", "+37126123456")
TEXTS = {
    "+14155550100": "Your parcel is at the door",
    "+14155550101": "Tea is ready 🍵",
    "+14155550102": "Your code is 492 113. It is good for ten minutes; tell nobody.",
}


def furnish_comms(octavo: RunningOctavo, owner: Person) -> dict[str, str]:
    """The ids of what was made, by the names that places use for them."""
    account = _open_account(octavo, owner)
    sid, number = account["sid"], account["phone_number"]
    api = f"{octavo.url.rpartition(':')[0]}:{octavo.ports['twilio']}/2010-04-01/Accounts/{sid}"
    own = (sid, account["auth_token"])
    _guard(owner, sid)
    sent = []
    for to, text in TEXTS.items():
        form = {"From": number, "To": to, "Body": text, "StatusCallback": NOBODY}
        sent.append(owner.api.post(f"{api}/Messages.json", data=form, auth=own).raise_for_status().json()["sid"])
    owner.api.post(f"{api}/Keys.json", data={"FriendlyName": "Shop"}, auth=own).raise_for_status()
    accounts = f"{api.rpartition('/')[0]}.json"
    branch = owner.api.post(accounts, data={"FriendlyName": "Branch"}, auth=own).raise_for_status().json()["sid"]
    for to in REFUSED:
        owner.api.post(f"{api}/Messages.json", data={"From": number, "To": to, "Body": "Hello"}, auth=own)
    owner.api.post(f"{api}/OutgoingCallerIds.json", data={"PhoneNumber": "+14152051299"}, auth=own).raise_for_status()
    numbers = owner.api.get(f"{api}/IncomingPhoneNumbers.json", auth=own).json()["incoming_phone_numbers"]
    _wait_until_delivered(owner, api, own, sent[0])
    return {
        "comms_account": sid,
        "comms_branch": branch,
        "comms_message": sent[0],
        "comms_number": numbers[0]["sid"],
        "comms_peer": number.replace("+", "%2B"),
        "comms_request": _first_request(owner),
    }


def _open_account(octavo: RunningOctavo, owner: Person) -> dict[str, str]:
    command = [sys.executable, "-m", "octavo.cli", "comms", "account", "create", "--name", "Acme Deliveries"]
    options = ["--owner", owner.username, "--data", str(octavo.data_dir), "--json"]
    done = subprocess.run([*command, *options], check=True, capture_output=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


def _guard(owner: Person, account_sid: str) -> None:
    rules = {"account": account_sid, "refused": "Pakistan, LV", "messages": "500", "spend": "25", "protects": "on"}
    kept = owner.api.post("/comms/guard", data=rules, headers={"Sec-Fetch-Site": "same-origin"})
    assert kept.status_code == 303, kept.text


def _wait_until_delivered(owner: Person, api: str, own: tuple[str, str], sid: str) -> None:
    give_up_at = time.monotonic() + DELIVERED_WITHIN
    while owner.api.get(f"{api}/Messages/{sid}.json", auth=own).json()["status"] != "delivered":
        assert time.monotonic() < give_up_at, "the message is not delivered"
        time.sleep(0.1)


def _first_request(owner: Person) -> str:
    """The id of the newest request in the inspector."""
    found = re.search(r"/comms/webhooks/([0-9a-f-]{36})", owner.api.get("/comms/webhooks").text)
    assert found is not None
    return found[1]
