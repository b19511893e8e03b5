"""What a service may be like."""

import re
from typing import Any

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.verify.template import TEMPLATES

LONGEST_NAME = 32
DIGITS_IN_A_ROW = re.compile(r"\d{5}")
CODE_LENGTHS = range(4, 11)
TOTP_STEPS, TOTP_LENGTHS, TOTP_SKEWS = range(20, 61), range(3, 9), range(3)
USUAL: dict[str, Any] = {
    "code_length": 6,
    "lookup_enabled": False,
    "skip_sms_to_landlines": False,
    "dtmf_input_required": True,
    "tts_name": "",
    "psd2_enabled": False,
    "do_not_share_warning_enabled": False,
    "custom_code_enabled": False,
    "default_template_id": None,
    "totp_issuer": "",
    "totp_time_step": 30,
    "totp_code_length": 6,
    "totp_skew": 1,
    "push": {},
    "whatsapp": {},
    "passkeys": {},
    "verify_event_subscription_enabled": False,
}


def check_service(given: dict[str, Any]) -> dict[str, Any]:
    """The same, or CommsRefusal 60200 with the first thing that is wrong."""
    name = given.get("friendly_name")
    if name is not None and not 1 <= len(name.strip()) <= LONGEST_NAME:
        raise CommsRefusal(60200, f"Invalid parameter `FriendlyName`: it has 1 to {LONGEST_NAME} characters.")
    if name is not None and DIGITS_IN_A_ROW.search(name):
        raise CommsRefusal(60200, "Invalid parameter `FriendlyName`: it has at most 4 digits in a row.")
    _check_range(given, "code_length", "CodeLength", CODE_LENGTHS)
    _check_range(given, "totp_time_step", "Totp.TimeStep", TOTP_STEPS)
    _check_range(given, "totp_code_length", "Totp.CodeLength", TOTP_LENGTHS)
    _check_range(given, "totp_skew", "Totp.Skew", TOTP_SKEWS)
    template = given.get("default_template_id")
    if template is not None and template not in TEMPLATES:
        raise CommsRefusal(60228, "Template was not found.")
    return given


def check_country(country: str) -> str:
    """Raises CommsRefusal 60200."""
    if country != "all" and not re.fullmatch(r"[A-Z]{2}", country):
        raise CommsRefusal(60200, "Invalid parameter `Country`: two letters of ISO 3166, or `all`.")
    return country


def _check_range(given: dict[str, Any], field: str, wire: str, allowed: range) -> None:
    if field in given and given[field] not in allowed:
        raise CommsRefusal(60200, f"Invalid parameter `{wire}`: from {allowed[0]} to {allowed[-1]}.")
