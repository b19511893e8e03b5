"""A provider that Octavo does not know, spoken to by the templates of the settings."""

import string
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec

from octavo.kernel.clock import now
from octavo.products.comms.carrier.http.places import at
from octavo.products.comms.carrier.http.rows import Ask, Brought, Receipt, Verdict, reference_of
from octavo.products.comms.carrier.http.verdicts import UNKNOWN, judge_status
from octavo.products.comms.carrier.protocol import Submission
from octavo.products.comms.message.rows import Told
from octavo.settings.gateway import GatewaySettings

Escape = Callable[[str], str]


class Template:
    """Values are escaped for where they stand: the URL, JSON, or a form."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._settings = settings
        self._states: dict[str, Told] = dict(_state(line) for line in settings.receipt_states)

    def ask(self, submission: Submission, receipt_url: str) -> Ask:
        settings, values = self._settings, self._values(submission, receipt_url, now())
        headers = {
            name.strip(): _filled(value.strip(), values, _one_line)
            for name, _, value in (line.partition(":") for line in settings.headers)
        }
        body = None
        if settings.method != "GET":
            headers.setdefault("Content-Type", settings.content_type)
            escape = _in_json if settings.content_type == "application/json" else _in_url
            body = _filled(settings.body, values, escape).encode()
        return Ask(settings.method, _filled(settings.url, values, _in_url), headers, body)

    def judge(self, status: int, headers: Mapping[str, str], body: bytes) -> Verdict:
        if not 200 <= status < 300:
            return judge_status(status, headers)
        try:
            document = msgspec.json.decode(body) if body and self._settings.answer_reference else None
        except msgspec.DecodeError:
            document = None
        return Verdict("accepted", at(document, self._settings.answer_reference))

    def receipt(self, content: Any) -> Receipt | None:
        state = self._states.get(at(content, self._settings.receipt_state))
        if state is None:
            return None
        code = UNKNOWN if state in ("undelivered", "failed") else None
        return Receipt(state, code, reference=at(content, self._settings.receipt_reference))

    def brought(self, content: Any) -> Brought | None:
        settings = self._settings
        reference = at(content, settings.inbound_reference)
        sender, recipient = at(content, settings.inbound_from), at(content, settings.inbound_to)
        return Brought(reference, sender, recipient, at(content, settings.inbound_body), [])

    def _values(self, submission: Submission, receipt_url: str, time: datetime) -> dict[str, str]:
        return {
            "to": submission.recipient,
            "from": submission.sender,
            "body": submission.body,
            "reference": reference_of(submission),
            "receipt_url": receipt_url,
            "validity": str(max(1, int((submission.expires_at - time).total_seconds()))),
            "key": self._settings.key,
            "secret": self._settings.secret,
        }


def _filled(template: str, values: Mapping[str, str], escape: Escape) -> str:
    return string.Template(template).safe_substitute({name: escape(value) for name, value in values.items()})


def _in_json(value: str) -> str:
    """Without the quotation marks, which are the template's."""
    return msgspec.json.encode(value).decode()[1:-1]


def _in_url(value: str) -> str:
    return quote(value, safe="")


def _one_line(value: str) -> str:
    return value.replace("\r", " ").replace("\n", " ")


def _state(line: str) -> tuple[str, Told]:
    theirs, _, ours = line.partition("=")
    return theirs.strip(), msgspec.convert(ours.strip(), Told)
