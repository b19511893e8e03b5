"""What may be verified, how often, and in which words."""

import re
from datetime import timedelta
from uuid import UUID

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.number.rules import parse_e164
from octavo.products.comms.verify.service.rows import VerifyService
from octavo.products.comms.verify.template import PAYMENT, PLAIN, SPOKEN, TEMPLATES, WARNING
from octavo.products.comms.verify.verification.rows import Channel, NewVerification

VALID_FOR = timedelta(minutes=10)
MOST_SENDS = 5
MOST_CHECKS = 5
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]+")
_CODE = re.compile(r"[0-9A-Za-z]{4,10}")
_CHANNELS: dict[str, Channel] = {"sms": "sms", "call": "call", "email": "email", "auto": "sms"}
_KNOWN_ELSEWHERE = ("whatsapp", "sna", "rcs")


def checked_channel(channel: str) -> Channel:
    """Raises CommsRefusal 60223 for one that there is none of here, 60200 for one that there is none of at all."""
    if not channel:
        raise CommsRefusal(60200, "Missing required parameter `Channel`.")
    if channel in _KNOWN_ELSEWHERE:
        raise CommsRefusal(60223, f"Delivery channel disabled: {channel.upper()}")
    if channel not in _CHANNELS:
        raise CommsRefusal(60200, "Invalid parameter `Channel`")
    return _CHANNELS[channel]


def checked_recipient(to: str, *, by_mail: bool) -> str:
    """An address, or a number as E.164. Raises CommsRefusal 60200."""
    if not to.strip():
        raise CommsRefusal(60200, "Missing required parameter `To`.")
    found = to.strip().lower() if by_mail and _ADDRESS.fullmatch(to.strip()) else None
    found = found if by_mail else parse_e164(to)
    if found is None or len(found) > 254:
        raise CommsRefusal(60200, f"Invalid parameter `To`: {to:.80}")
    return found


def check_new(service: VerifyService, new: NewVerification) -> None:
    """Raises CommsRefusal 60200, 60204 or 60228."""
    if new.custom_code and not service.custom_code_enabled:
        raise CommsRefusal(60204, "Custom code not allowed")
    if new.custom_code and not _CODE.fullmatch(new.custom_code):
        raise CommsRefusal(60200, "Invalid parameter `CustomCode`: 4 to 10 letters or digits.")
    if new.template_id is not None and new.template_id not in TEMPLATES:
        raise CommsRefusal(60228, "Template was not found.")
    if service.psd2_enabled and not (new.amount and new.payee):
        raise CommsRefusal(60200, "Missing required parameters `Amount` and `Payee`.")
    if not service.psd2_enabled and (new.amount or new.payee):
        raise CommsRefusal(60200, "Invalid parameters `Amount` and `Payee`: the service has no PSD2.")
    if len(new.custom_friendly_name) > 30 or re.search(r"\d{5}", new.custom_friendly_name):
        raise CommsRefusal(60200, "Invalid parameter `CustomFriendlyName`")


def words(service: VerifyService, new: NewVerification, channel: Channel, code: str) -> str:
    """What the recipient reads or hears, in their language where the template has it."""
    template = TEMPLATES[_template_id(service, new, channel)]
    language = re.split(r"[-_]", new.locale.lower())[0]
    text = template.texts.get(language) or template.texts["en"]
    spelled = ", ".join(code) if channel == "call" else code
    name = new.custom_friendly_name or service.friendly_name
    filled = {"amount": new.amount, "payee": new.payee} | new.substitutions | {"friendly_name": name, "code": spelled}
    text = re.sub(r"\{\{(\w+)\}\}", lambda found: filled.get(found[1], ""), text)
    return f"<#> {text}\n{new.app_hash}" if new.app_hash and channel == "sms" else text


def _template_id(service: VerifyService, new: NewVerification, channel: Channel) -> UUID:
    asked = new.template_id or service.default_template_id
    kind = "voice" if channel == "call" else "sms"
    if asked is not None and kind in TEMPLATES[asked].channels:
        return asked
    if channel == "call":
        return SPOKEN
    if service.psd2_enabled:
        return PAYMENT
    return WARNING if service.do_not_share_warning_enabled else PLAIN
