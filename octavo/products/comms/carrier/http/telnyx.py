"""Telnyx's messaging API v2 (its documentation, "Send a message" and "Receiving webhooks")."""

from collections.abc import Mapping
from typing import Any

import msgspec

from octavo.products.comms.carrier.http.places import at
from octavo.products.comms.carrier.http.rows import Ask, Brought, Receipt, Verdict
from octavo.products.comms.carrier.http.verdicts import UNKNOWN, judge_status
from octavo.products.comms.carrier.protocol import Submission
from octavo.products.comms.message.rows import Told
from octavo.settings.gateway import GatewaySettings

STATES: dict[str, Told] = {
    "sent": "sent",
    "delivered": "delivered",
    "delivery_failed": "undelivered",
    "delivery_unconfirmed": "sent",
    "sending_failed": "failed",
}
# Telnyx's error codes beside the ones that our callers know.
ERRORS = {
    "40001": 30006,
    "40002": 30007,
    "40003": 30007,
    "40004": 30004,
    "40005": 30036,
    "40006": 30003,
    "40008": 30005,
    "40010": 30034,
    "40012": 21212,
    "40013": 21212,
    "40014": 30036,
    "40015": 30007,
    "40017": 30007,
    "40300": 21610,
    "40302": 30019,
    "40305": 21212,
    "40310": 21211,
}
TOO_FAST = ("40011", "40318", "10011")


class Telnyx:
    def __init__(self, settings: GatewaySettings) -> None:
        self._url = settings.url or "https://api.telnyx.com/v2/messages"
        self._headers = {"Authorization": f"Bearer {settings.secret}", "Content-Type": "application/json"}

    def ask(self, submission: Submission, receipt_url: str) -> Ask:
        content: dict[str, Any] = {"from": submission.sender, "to": submission.recipient, "text": submission.body}
        if submission.media_urls or submission.as_mms:
            content["type"] = "MMS"
        if submission.media_urls:
            content["media_urls"] = list(submission.media_urls)
        if receipt_url:
            content |= {"webhook_url": receipt_url, "use_profile_webhooks": False}
        return Ask("POST", self._url, self._headers, msgspec.json.encode(content))

    def judge(self, status: int, headers: Mapping[str, str], body: bytes) -> Verdict:
        try:
            document = msgspec.json.decode(body) if body else None
        except msgspec.DecodeError:
            document = None
        if 200 <= status < 300:
            reference = at(document, "data.id")
            return Verdict("accepted", reference) if reference else Verdict("doubtful")
        code = at(document, "errors.0.code")
        if code in TOO_FAST:
            return judge_status(429, headers)
        if code in ERRORS:
            return Verdict("refused", error_code=ERRORS[code])
        return judge_status(status, headers)

    def receipt(self, content: Any) -> Receipt | None:
        if at(content, "data.event_type") not in ("message.sent", "message.finalized"):
            return None
        state = STATES.get(at(content, "data.payload.to.0.status"))
        if state is None:
            return None
        failed = state in ("undelivered", "failed")
        code = ERRORS.get(at(content, "data.payload.errors.0.code"), UNKNOWN) if failed else None
        return Receipt(state, code, at(content, "data.payload.id"))

    def brought(self, content: Any) -> Brought | None:
        if at(content, "data.event_type") != "message.received":
            return None
        media = [url for number in range(10) if (url := at(content, f"data.payload.media.{number}.url"))]
        return Brought(
            at(content, "data.payload.id"),
            at(content, "data.payload.from.phone_number"),
            at(content, "data.payload.to.0.phone_number"),
            at(content, "data.payload.text"),
            media,
        )
