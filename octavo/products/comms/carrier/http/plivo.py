"""Plivo's messaging API (its documentation, "Message" and "Message callbacks")."""

import base64
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
    "undelivered": "undelivered",
    "rejected": "failed",
    "failed": "failed",
    "read": "read",
}
# Plivo's error codes beside the ones that our callers know.
ERRORS = {
    "30": 30007,
    "40": 21212,
    "50": 30005,
    "70": 30005,
    "80": 30003,
    "90": 30006,
    "100": 30007,
    "110": 30019,
    "200": 21610,
    "420": 30036,
    "900": 30002,
    "910": 30002,
}


class Plivo:
    def __init__(self, settings: GatewaySettings) -> None:
        self._url = settings.url or f"https://api.plivo.com/v1/Account/{settings.key}/Message/"
        credentials = base64.b64encode(f"{settings.key}:{settings.secret}".encode()).decode()
        self._headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}

    def ask(self, submission: Submission, receipt_url: str) -> Ask:
        content: dict[str, Any] = {"src": submission.sender, "dst": submission.recipient, "text": submission.body}
        if submission.media_urls or submission.as_mms:
            content["type"] = "mms"
        if submission.media_urls:
            content["media_urls"] = list(submission.media_urls)
        if receipt_url:
            content |= {"url": receipt_url, "method": "POST"}
        return Ask("POST", self._url, self._headers, msgspec.json.encode(content))

    def judge(self, status: int, headers: Mapping[str, str], body: bytes) -> Verdict:
        if not 200 <= status < 300:
            return judge_status(status, headers)
        try:
            return Verdict("accepted", at(msgspec.json.decode(body), "message_uuid.0"))
        except msgspec.DecodeError:
            return Verdict("doubtful")

    def receipt(self, content: Any) -> Receipt | None:
        """A text of several parts is told of part by part; a failure is told at once, the others by the last part."""
        state = STATES.get(at(content, "Status"))
        part, _, parts = at(content, "PartInfo").partition(" of ")
        if state is None or (state in ("sent", "delivered") and part != parts):
            return None
        code = ERRORS.get(at(content, "ErrorCode"), UNKNOWN) if state in ("undelivered", "failed") else None
        return Receipt(state, code, at(content, "ParentMessageUUID") or at(content, "MessageUUID"))

    def brought(self, content: Any) -> Brought | None:
        reference = at(content, "MessageUUID")
        media = [url for number in range(10) if (url := at(content, f"Media{number}"))]
        return Brought(reference, at(content, "From"), at(content, "To"), at(content, "Text"), media)
