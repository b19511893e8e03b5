"""Segments: how a text is spelled on the air, and how many short messages that takes (3GPP TS 23.038, 23.040)."""

from typing import NamedTuple

from octavo.products.comms.message.rows import Encoding

# The default alphabet without the escape itself; its order is that of the septets.
GSM_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENDED = "\f^{}\\[~]|€"  # each takes two septets
_WIDTH = dict.fromkeys(GSM_BASIC, 1) | dict.fromkeys(GSM_EXTENDED, 2)
LONGEST_BODY = 1600
# One message alone, and each part of several, which lose six octets to the header that joins them.
SEPTETS, SEPTETS_OF_PART = 160, 153
UNITS, UNITS_OF_PART = 70, 67
# Typographic characters that cost a text its alphabet, and what they mean in it.
_PLAIN = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "‚": ",",
        "‛": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "–": "-",
        "—": "-",
        "‐": "-",
        "‑": "-",
        "…": "...",
        "•": "*",
        "′": "'",
        "″": '"',
        "\u00a0": " ",
        "\u2009": " ",
        "\u200a": " ",
        "\u202f": " ",
        "\u200b": "",
        "\ufeff": "",
        "«": '"',
        "»": '"',
        "`": "'",
        "\t": " ",
    }
)


class Segments(NamedTuple):
    encoding: Encoding
    number: int


def segments_of(body: str) -> Segments:
    """How a text goes out. A text without characters is one segment."""
    try:
        return Segments("GSM-7", _parts([_WIDTH[character] for character in body], SEPTETS, SEPTETS_OF_PART))
    except KeyError:
        widths = [2 if character > "\uffff" else 1 for character in body]  # a surrogate pair is never divided
        return Segments("UCS-2", _parts(widths, UNITS, UNITS_OF_PART))


def smart_encoded(body: str) -> str:
    """The text with typographic characters made plain, where that is all that keeps it from the default alphabet."""
    plain = body.translate(_PLAIN)
    return plain if all(character in _WIDTH for character in plain) else body


def _parts(widths: list[int], alone: int, part: int) -> int:
    """How many messages the characters fill; none is divided between two."""
    if sum(widths) <= alone:
        return 1
    count, filled = 1, 0
    for width in widths:
        if filled + width > part:
            count, filled = count + 1, 0
        filled += width
    return count
