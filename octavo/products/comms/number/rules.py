"""What is a telephone number, whose country it is of, and what it can carry."""

import re
from collections.abc import Mapping
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.number.rows import Capabilities, Kind

LONGEST_NAME = 64
REMEMBERED = 16_384  # numbers: the same ones come up again, and twice within each message
_URL = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)
_E164 = re.compile(r"\+[1-9]\d{1,14}")
# The library finds all of these possible, and takes ten times as long to say so.
_NORTH_AMERICAN = re.compile(r"\+1[2-9][0-9]{9}")
_KINDS: dict[int, Kind] = {
    PhoneNumberType.FIXED_LINE: "local",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "local",
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.TOLL_FREE: "tollfree",
    PhoneNumberType.UAN: "national",
    PhoneNumberType.VOIP: "voip",
    PhoneNumberType.SHARED_COST: "sharedcost",
}
# Letters on the keypad, so that +1415GOACME is a number.
_KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")


@lru_cache(REMEMBERED)
def parse_e164(text: str) -> str | None:
    """The number as E.164 (ITU-T), with spaces, brackets and hyphens taken out; None where it cannot be one.

    It need not be assigned to anybody: a number of the right form is taken, as the hosted service takes it.
    """
    if _NORTH_AMERICAN.fullmatch(text):
        return text
    compact = re.sub(r"[\s().\-]", "", text)
    if not _E164.fullmatch(compact):
        return None
    try:
        parsed = _parsed(compact)
    except NumberParseException:
        return None
    return compact if phonenumbers.is_possible_number(parsed) else None


def is_valid(number: str) -> bool:
    """Whether the numbering plan of its country has such numbers."""
    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(number)))
    except NumberParseException:
        return False


def country_of(number: str) -> str:
    """ISO 3166 letters; empty for numbers of no country."""
    # North America gives its numbers out by the thousand, so all of a thousand are of one country.
    return _country_of(f"{number[:-3]}000" if _NORTH_AMERICAN.fullmatch(number) else number)


@lru_cache(REMEMBERED)
def _country_of(number: str) -> str:
    try:
        return phonenumbers.region_code_for_number(_parsed(number)) or ""
    except NumberParseException:
        return ""


def kind_of(number: str) -> Kind | None:
    """The kind by the country's numbering plan; None for kinds that are not given out, such as premium rate."""
    try:
        return _KINDS.get(phonenumbers.number_type(phonenumbers.parse(number)))
    except NumberParseException:
        return None


def national_format(number: str) -> str:
    """As people of its country write it: `(415) 525-0100`."""
    return str(phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.NATIONAL))


def capabilities_of(country: str, kind: Kind) -> Capabilities:
    """What the numbers of a kind carry here: text where phones of that kind do, pictures in North America."""
    is_north_american = country in ("US", "CA", "PR")
    sms = kind == "mobile" or (is_north_american and kind in ("local", "tollfree"))
    return Capabilities(sms=sms, mms=sms and is_north_american, voice=True, fax=kind == "local" and is_north_american)


def keypad_digits(text: str) -> str:
    return text.upper().translate(_KEYPAD)


def check_buyable(number: str) -> str:
    """The number as E.164. Raises CommsRefusal 21421 for one that no numbering plan has."""
    parsed = parse_e164(keypad_digits(number))
    if parsed is None or not is_valid(parsed) or kind_of(parsed) is None:
        raise CommsRefusal(21421, f"{number} is not a valid phone number. The phone number provided is invalid.")
    return parsed


def check_name(name: str) -> str:
    """Raises CommsRefusal 20002 for a friendly name that is too long."""
    if len(name) > LONGEST_NAME:
        raise CommsRefusal(20002, f"FriendlyName has at most {LONGEST_NAME} characters.")
    return name


def is_url(text: str) -> bool:
    """Whether it can be the address of a webhook: absolute, by http or https."""
    return _URL.fullmatch(text) is not None


def check_urls(addresses: Mapping[str, object]) -> None:
    """Addresses of webhooks by the names of their columns, blank for none. Raises CommsRefusal 21402."""
    for name, address in addresses.items():
        if name.endswith(("_url", "_callback")) and address and not is_url(str(address)):
            word = "".join(part.capitalize() for part in name.split("_"))
            raise CommsRefusal(21402, f"{word} is not a valid URL: {address!s:.200}")


@lru_cache(1024)
def _parsed(number: str) -> PhoneNumber:
    """Raises NumberParseException. Nobody may change what is given."""
    if _NORTH_AMERICAN.fullmatch(number):
        return PhoneNumber(country_code=1, national_number=int(number[2:]))
    return phonenumbers.parse(number)
