"""Long texts: cut into the parts that a handset joins again, and read as such (3GPP TS 23.040, 9.2.3.24.1 and .8)."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from octavo.products.comms.carrier.smpp.alphabets import DEFAULT, LATIN_1, UCS_2, gsm_encoded
from octavo.products.comms.carrier.smpp.bodies import ShortMessage
from octavo.products.comms.carrier.smpp.codes import ESM_UDH, Tag
from octavo.products.comms.message.rows import Encoding
from octavo.products.comms.message.segments import SEPTETS, SEPTETS_OF_PART, UNITS, UNITS_OF_PART

Joining = Literal["udh8", "udh16", "sar", "payload"]
_SHORT_REFERENCE, _LONG_REFERENCE = 0x00, 0x08  # information elements


class Part(NamedTuple):
    """What one submit_sm carries."""

    text: bytes
    data_coding: int
    esm_class: int
    options: dict[int, bytes]


class Place(NamedTuple):
    """Where a part belongs: `number` counts from 1."""

    reference: int
    total: int
    number: int


def parts_of(body: str, encoding: Encoding, *, reference: int, joining: Joining, default: str = "gsm") -> list[Part]:
    """The text as it goes out. `default` is what the carrier means by data_coding 0: gsm, latin-1 or ascii."""
    if joining == "payload":
        text, coding = _spelled(body, encoding, default)
        return [Part(text, coding, 0, {})]
    pieces = list(_pieces(body, encoding))
    return [
        _part(piece, encoding, default, joining, Place(reference, len(pieces), number))
        for number, piece in enumerate(pieces, 1)
    ]


def _part(piece: str, encoding: Encoding, default: str, joining: Joining, place: Place) -> Part:
    text, coding = _spelled(piece, encoding, default)
    if place.total == 1:
        return Part(text, coding, 0, {})
    if joining == "sar":
        options: dict[int, bytes] = {
            Tag.SAR_MSG_REF_NUM: place.reference.to_bytes(2, "big"),
            Tag.SAR_TOTAL_SEGMENTS: bytes((place.total,)),
            Tag.SAR_SEGMENT_SEQNUM: bytes((place.number,)),
        }
        return Part(text, coding, 0, options)
    if joining == "udh16":
        header = bytes((6, _LONG_REFERENCE, 4)) + place.reference.to_bytes(2, "big")
    else:
        header = bytes((5, _SHORT_REFERENCE, 3, place.reference & 0xFF))
    return Part(header + bytes((place.total, place.number)) + text, coding, ESM_UDH, {})


def _spelled(text: str, encoding: Encoding, default: str) -> tuple[bytes, int]:
    if encoding == "UCS-2":
        return text.encode("utf-16-be", "surrogatepass"), UCS_2
    if default == "gsm":
        return gsm_encoded(text), DEFAULT
    try:
        return text.encode(default), DEFAULT
    except UnicodeEncodeError:  # the euro sign and the Greek capitals, which the default alphabet has
        try:
            return text.encode("latin-1"), LATIN_1
        except UnicodeEncodeError:
            return text.encode("utf-16-be"), UCS_2


def _pieces(body: str, encoding: Encoding) -> Iterator[str]:
    """Cut where the rule that counts segments cuts, never inside a character."""
    if encoding == "UCS-2":
        widths = [2 if character > "\uffff" else 1 for character in body]
        alone, part = UNITS, UNITS_OF_PART
    else:
        widths = [len(gsm_encoded(character)) for character in body]
        alone, part = SEPTETS, SEPTETS_OF_PART
    if sum(widths) <= alone:
        yield body
        return
    start = filled = 0
    for at, width in enumerate(widths):
        if filled + width > part:
            yield body[start:at]
            start, filled = at, 0
        filled += width
    yield body[start:]


def place_and_text(message: ShortMessage) -> tuple[Place | None, bytes]:
    """Where a delivered part belongs, and its octets without the header that says so."""
    if message.esm_class & ESM_UDH and message.text:
        length = message.text[0]
        header, text = message.text[1 : 1 + length], message.text[1 + length :]
        return _of_header(header), text
    reference, total, number = (
        message.options.get(tag, b"") for tag in (Tag.SAR_MSG_REF_NUM, Tag.SAR_TOTAL_SEGMENTS, Tag.SAR_SEGMENT_SEQNUM)
    )
    if len(reference) == 2 and len(total) == len(number) == 1:
        return _checked(Place(int.from_bytes(reference, "big"), total[0], number[0])), message.text
    return None, message.text


def _of_header(header: bytes) -> Place | None:
    """Other elements, such as ports, are passed over; an element that does not fit ends the search."""
    at = 0
    while at + 2 <= len(header):
        kind, value = header[at], header[at + 2 : at + 2 + header[at + 1]]
        if kind == _SHORT_REFERENCE and len(value) == 3:
            return _checked(Place(value[0], value[1], value[2]))
        if kind == _LONG_REFERENCE and len(value) == 4:
            return _checked(Place(int.from_bytes(value[:2], "big"), value[2], value[3]))
        at += 2 + header[at + 1]
    return None


def _checked(place: Place) -> Place | None:
    """TS 23.040: an element whose numbers cannot be is ignored."""
    return place if 1 <= place.number <= place.total and place.total > 1 else None
