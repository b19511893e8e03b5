"""Delivery receipts: in optional parameters, in a text that is almost a standard (SMPP 3.4, appendix B), or in both."""

import re
from typing import Literal, NamedTuple

from octavo.products.comms.carrier.smpp.bodies import ShortMessage
from octavo.products.comms.carrier.smpp.codes import ESM_INTERMEDIATE, ESM_MESSAGE_TYPE, ESM_RECEIPT, State, Tag
from octavo.products.comms.message.rows import Told

IdForm = Literal["text", "decimal", "hex"]

_ID = re.compile(r"\bid:\s*(\S+)", re.IGNORECASE)
_STATE = re.compile(r"\bstat:\s*([A-Z]+)", re.IGNORECASE)
_ERROR = re.compile(r"\berr:\s*(\w+)", re.IGNORECASE)
_BY_NAME = {
    "ENROUTE": State.ENROUTE,
    "DELIVRD": State.DELIVERED,
    "EXPIRED": State.EXPIRED,
    "DELETED": State.DELETED,
    "UNDELIV": State.UNDELIVERABLE,
    "ACCEPTD": State.ACCEPTED,
    "UNKNOWN": State.UNKNOWN,
    "REJECTD": State.REJECTED,
}
# What the vendor's clients are told: unreachable handset, carrier violation, unknown.
_ERRORS = {State.EXPIRED: 30003, State.UNDELIVERABLE: 30003, State.REJECTED: 30007, State.DELETED: 30008}
# Reasons of GSM networks (3GPP TS 29.002) that many carriers pass on in `err:`.
_NETWORK_ERRORS = {1: 30005, 5: 30005, 9: 30005, 11: 30006, 12: 30003, 13: 30004, 27: 30003, 31: 30003}


class Receipt(NamedTuple):
    """`key` is the message's id in the one form in which ids are compared."""

    key: str
    state: State | None
    error: int | None
    reference: int | None  # what the message was marked with, where the carrier repeats it


def is_receipt(message: ShortMessage) -> bool:
    kind = message.esm_class & ESM_MESSAGE_TYPE
    return kind in (ESM_RECEIPT, ESM_INTERMEDIATE) or Tag.RECEIPTED_MESSAGE_ID in message.options


def read_receipt(message: ShortMessage, *, answers: IdForm, receipts: IdForm) -> Receipt | None:
    """None where it names no message. `answers` and `receipts` say in which form each of them gives ids.

    The optional parameter repeats the id of the answer (5.3.2.12); the text may have it in another form.
    """
    text = message.text.decode("latin-1")
    option = message.options.get(Tag.RECEIPTED_MESSAGE_ID, b"").split(b"\0")[0].decode("latin-1")
    named = _ID.search(text)
    key = comparable(option, answers) if option else comparable(named[1], receipts) if named else ""
    if not key:
        return None
    mark = message.options.get(Tag.USER_MESSAGE_REFERENCE, b"")
    reference = int.from_bytes(mark, "big") if len(mark) == 2 else None
    return Receipt(key, _state(message, text), _error(message, text), reference)


def _state(message: ShortMessage, text: str) -> State | None:
    given = message.options.get(Tag.MESSAGE_STATE, b"")
    if len(given) == 1 and given[0] in set(State):
        return State(given[0])
    named = _STATE.search(text)
    return _BY_NAME.get(named[1].upper()) if named else None


def _error(message: ShortMessage, text: str) -> int | None:
    given = message.options.get(Tag.NETWORK_ERROR_CODE, b"")
    if len(given) == 3:
        return int.from_bytes(given[1:], "big")
    named = _ERROR.search(text)
    return int(named[1]) if named and named[1].isdecimal() else None


def comparable(id: str, form: IdForm) -> str:
    """The id so that both of its spellings are the same: leading zeros and letter case do not count in numbers."""
    try:
        if form == "decimal":
            return str(int(id, 10))
        if form == "hex":
            return str(int(id, 16))
    except ValueError:
        pass  # the carrier does not keep to its own form; compared as it is
    return id.strip().lower()


def told(state: State | None, error: int | None) -> tuple[Told, int | None] | None:
    """The state for the message's owner; None while its fate is open."""
    if state is State.DELIVERED:
        return "delivered", None
    if state in _ERRORS:
        return "undelivered", _NETWORK_ERRORS.get(error or 0, _ERRORS[state])
    return None
