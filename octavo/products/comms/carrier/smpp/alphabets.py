"""How texts are spelled in octets: the default alphabet in unpacked septets, UCS-2 and Latin-1 (3GPP TS 23.038)."""

from octavo.products.comms.message.segments import GSM_BASIC, GSM_EXTENDED

DEFAULT, IA5, LATIN_1, UCS_2 = 0x00, 0x01, 0x03, 0x08  # data_coding (SMPP 3.4, 5.2.19)
ESCAPE = 0x1B
# The extension's places, in the order of GSM_EXTENDED (TS 23.038, 6.2.1.1).
_EXTENDED = dict(zip(GSM_EXTENDED, (0x0A, 0x14, 0x28, 0x29, 0x2F, 0x3C, 0x3D, 0x3E, 0x40, 0x65), strict=True))
# GSM_BASIC leaves out the escape, so what comes after it stands one place later.
_BASIC = {character: place + (place >= ESCAPE) for place, character in enumerate(GSM_BASIC)}
# Some mark the default alphabet as IA5. What would be a control character there is a letter of the default alphabet.
_NO_TEXT_IN_ASCII = frozenset(range(0x20)) - frozenset(b"\r\n")
_TO_OCTETS = {character: bytes((place,)) for character, place in _BASIC.items()} | {
    character: bytes((ESCAPE, place)) for character, place in _EXTENDED.items()
}
_FROM_BASIC = {place: character for character, place in _BASIC.items()}
_FROM_EXTENDED = {place: character for character, place in _EXTENDED.items()}


def gsm_encoded(text: str) -> bytes:
    """One octet for each septet. A character outside the alphabet becomes a question mark."""
    return b"".join(_TO_OCTETS.get(character, b"?") for character in text)


def gsm_decoded(octets: bytes) -> str:
    """An escape before a place that the extension leaves free is a space or the basic character, as handsets do it."""
    text: list[str] = []
    escaped = False
    for octet in octets:
        if octet == ESCAPE:
            if escaped:
                text.append(" ")
            escaped = not escaped
            continue
        basic = _FROM_BASIC.get(octet, "\ufffd")
        text.append(_FROM_EXTENDED.get(octet, basic) if escaped else basic)
        escaped = False
    return "".join(text)


def decoded(octets: bytes, data_coding: int, default: str) -> str:
    """The text of a delivered message. `default` names what the carrier means by data_coding 0."""
    alphabet = alphabet_of(data_coding, default)
    if data_coding == IA5 and set(octets) & _NO_TEXT_IN_ASCII:
        alphabet = "gsm"
    return gsm_decoded(octets) if alphabet == "gsm" else octets.decode(alphabet, "replace")


def alphabet_of(data_coding: int, default: str) -> str:
    """`gsm`, or the name of Python's codec."""
    if data_coding == UCS_2 or data_coding & 0xCC == 0x08 or data_coding & 0xF0 == 0xE0:
        return "utf-16-be"
    if data_coding == LATIN_1:
        return "latin-1"
    if data_coding == IA5:
        return "ascii"
    return default
