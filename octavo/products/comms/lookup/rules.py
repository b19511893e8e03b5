"""Reading numbers, and the simulated register of lines and names.

The register is drawn from the number itself, so that it says the same at each lookup. What it says is recognisable as
made up: its networks are those of country 001, which the ITU keeps for tests.
"""

from hashlib import blake2b

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType, ValidationResult

from octavo.products.comms.lookup.rows import Found, Line, LineType, Name, ValidationError

TEST_COUNTRY = "001"
NETWORKS = ("Simulated Mobile North", "Simulated Mobile South", "Simulated Mobile East", "Simulated Mobile West")
OURS = "Octavo"
_LINES: dict[int, LineType] = {
    PhoneNumberType.FIXED_LINE: "landline",
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.TOLL_FREE: "tollFree",
    PhoneNumberType.PREMIUM_RATE: "premium",
    PhoneNumberType.SHARED_COST: "sharedCost",
    PhoneNumberType.VOIP: "nonFixedVoip",
    PhoneNumberType.PERSONAL_NUMBER: "personal",
    PhoneNumberType.PAGER: "pager",
    PhoneNumberType.UAN: "uan",
    PhoneNumberType.VOICEMAIL: "voicemail",
}
# Of ten numbers whose plan does not tell phones at home from mobile ones, as in North America.
_MIXTURE: tuple[LineType, ...] = ("mobile",) * 7 + ("landline",) * 2 + ("fixedVoip",)
_CARRIERS: dict[LineType, str] = {"fixedVoip": "Simulated Cable", "nonFixedVoip": "Simulated Internet Telephony"}
_GIVEN = ("ADA", "AMARA", "BORIS", "CHEN", "DIEGO", "ELIF", "FATIMA", "HANA", "IVAN", "JOSE", "KOFI", "LENA", "MEI")
_FAMILY = ("ABBOTT", "BAKER", "COSTA", "DIALLO", "EVANS", "FISCHER", "GRECO", "HASSAN", "ITO", "JANSEN", "KUMAR")
_ERRORS: dict[int, ValidationError] = {
    ValidationResult.TOO_SHORT: "TOO_SHORT",
    ValidationResult.TOO_LONG: "TOO_LONG",
    ValidationResult.INVALID_COUNTRY_CODE: "INVALID_COUNTRY_CODE",
    ValidationResult.INVALID_LENGTH: "INVALID_LENGTH",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "TOO_SHORT",
}
_PARSE_ERRORS: dict[int, ValidationError] = {
    NumberParseException.INVALID_COUNTRY_CODE: "INVALID_COUNTRY_CODE",
    NumberParseException.NOT_A_NUMBER: "NOT_A_NUMBER",
    NumberParseException.TOO_SHORT_AFTER_IDD: "TOO_SHORT",
    NumberParseException.TOO_SHORT_NSN: "TOO_SHORT",
    NumberParseException.TOO_LONG: "TOO_LONG",
}


def looked_at(text: str, country: str = "") -> Found:
    """A number as E.164, or as people of `country` write it: of the United States where none is given."""
    try:
        parsed = phonenumbers.parse(text, country.upper() or "US")
    except NumberParseException as error:
        return _invalid(text, _PARSE_ERRORS[error.error_type])
    if phonenumbers.is_valid_number(parsed):
        return Found(
            number=str(phonenumbers.format_number(parsed, PhoneNumberFormat.E164)),
            calling_code=str(parsed.country_code),
            country=phonenumbers.region_code_for_number(parsed) or "",
            national_format=str(phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)),
            errors=(),
        )
    return _invalid(text, _ERRORS.get(phonenumbers.is_possible_number_with_reason(parsed), "INVALID_BUT_POSSIBLE"))


def line_of(number: str, *, is_ours: bool = False) -> Line:
    """The line of a valid number. `is_ours` for one that an account here owns."""
    if is_ours:
        return Line("nonFixedVoip", OURS)
    drawn = _drawn(number)
    number_type = phonenumbers.number_type(phonenumbers.parse(number))
    if number_type == PhoneNumberType.FIXED_LINE_OR_MOBILE:
        line_type = _MIXTURE[drawn % len(_MIXTURE)]
    else:
        line_type = _LINES.get(number_type, "unknown")
    if line_type == "mobile":
        network = drawn // len(_MIXTURE) % len(NETWORKS)
        return Line("mobile", NETWORKS[network], TEST_COUNTRY, f"{network + 1:02}")
    return Line(line_type, _CARRIERS.get(line_type, "Simulated Telephone Company"))


def name_of(number: str) -> Name:
    """A person's name, made up."""
    drawn = _drawn(number)
    return Name(f"{_GIVEN[drawn % len(_GIVEN)]} {_FAMILY[drawn // len(_GIVEN) % len(_FAMILY)]}", "CONSUMER")


def _drawn(number: str) -> int:
    return int.from_bytes(blake2b(number.encode(), digest_size=8).digest())


def _invalid(text: str, error: ValidationError) -> Found:
    return Found(text, "", "", "", (error,))
