"""Receipts as carriers write them."""

import pytest

from octavo.products.comms.carrier.smpp.bodies import Address, ShortMessage
from octavo.products.comms.carrier.smpp.codes import ESM_RECEIPT, State, Tag
from octavo.products.comms.carrier.smpp.receipts import IdForm, Receipt, comparable, is_receipt, read_receipt, told

TEXT = "id:{id} sub:001 dlvrd:001 submit date:2611210700 done date:2611210701 stat:{stat} err:{err} text:Your code is"


def a_receipt(text: str = "", options: dict[int, bytes] | None = None, esm_class: int = ESM_RECEIPT) -> ShortMessage:
    return ShortMessage(
        source=Address("49151"),
        destination=Address("49152"),
        text=text.encode(),
        esm_class=esm_class,
        options=options or {},
    )


def test_the_text_of_the_appendix_is_read() -> None:
    message = a_receipt(TEXT.format(id="0A1b", stat="UNDELIV", err="027"))
    assert read_receipt(message, answers="text", receipts="text") == Receipt("0a1b", State.UNDELIVERABLE, 27, None)


def test_options_come_before_the_text() -> None:
    options: dict[int, bytes] = {
        Tag.RECEIPTED_MESSAGE_ID: b"ff\0",
        Tag.MESSAGE_STATE: bytes((2,)),
        Tag.USER_MESSAGE_REFERENCE: b"\x01\x02",
        Tag.NETWORK_ERROR_CODE: b"\x03\x00\x00",
    }
    message = a_receipt(TEXT.format(id="999", stat="EXPIRED", err="000"), options)
    assert read_receipt(message, answers="hex", receipts="decimal") == Receipt("255", State.DELIVERED, 0, 0x0102)
    assert is_receipt(a_receipt(options=options, esm_class=0))


@pytest.mark.parametrize(
    ("answer", "answers", "receipt", "receipts"),
    [("0000FF", "hex", "255", "decimal"), ("255", "decimal", "ff", "hex"), ("Ab-1", "text", "aB-1", "text")],
)
def test_both_spellings_of_an_id_are_one(answer: str, answers: IdForm, receipt: str, receipts: IdForm) -> None:
    assert comparable(answer, answers) == comparable(receipt, receipts)


def test_an_id_that_is_not_in_its_form_is_compared_as_it_is() -> None:
    assert comparable("no-number", "hex") == "no-number"


def test_a_receipt_without_an_id_names_nothing() -> None:
    assert read_receipt(a_receipt("stat:DELIVRD"), answers="text", receipts="text") is None


@pytest.mark.parametrize(
    ("state", "error", "expected"),
    [
        (State.DELIVERED, 0, ("delivered", None)),
        (State.UNDELIVERABLE, 1, ("undelivered", 30005)),
        (State.EXPIRED, None, ("undelivered", 30003)),
        (State.REJECTED, None, ("undelivered", 30007)),
        (State.ENROUTE, None, None),
        (State.UNKNOWN, None, None),
        (None, None, None),
    ],
)
def test_states_mean_what_the_owner_is_told(state: State | None, error: int | None, expected: object) -> None:
    assert told(state, error) == expected
