"""What factors may be like, and which codes they make (TOTP, RFC 6238)."""

import binascii
import hashlib
import re
from base64 import b32decode
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

import pyotp

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.verify.factor.rows import Factor
from octavo.products.comms.verify.service.rules import TOTP_LENGTHS, TOTP_SKEWS, TOTP_STEPS

MOST_FACTORS = 20  # of one person
MOST_FAILURES = 5
FAILURES_FOR = timedelta(minutes=10)
LONGEST_NAME = 64
_IDENTITY = re.compile(r"[A-Za-z0-9\-]{8,64}")
_DIGESTS: dict[str, Any] = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha512": hashlib.sha512}


def checked_identity(identity: str) -> str:
    """Raises CommsRefusal 60200."""
    if not _IDENTITY.fullmatch(identity):
        raise CommsRefusal(60200, "Invalid parameter `Identity`: 8 to 64 letters, digits and hyphens.")
    return identity


def check_factor(name: str | None, code_length: int | None, time_step: int | None, skew: int | None) -> None:
    """Raises CommsRefusal 60200."""
    if name is not None and not 1 <= len(name) <= LONGEST_NAME:
        raise CommsRefusal(60200, f"Invalid parameter `FriendlyName`: it has 1 to {LONGEST_NAME} characters.")
    for value, wire, allowed in (
        (code_length, "Config.CodeLength", TOTP_LENGTHS),
        (time_step, "Config.TimeStep", TOTP_STEPS),
        (skew, "Config.Skew", TOTP_SKEWS),
    ):
        if value is not None and value not in allowed:
            raise CommsRefusal(60200, f"Invalid parameter `{wire}`: from {allowed[0]} to {allowed[-1]}.")


def checked_secret(secret: str) -> str:
    """Raises CommsRefusal 60200 for what is no base32 (RFC 4648) of at least 128 bits, as RFC 4226 wants it."""
    plain = secret.strip().upper().rstrip("=")
    try:
        size = len(b32decode(plain + "=" * (-len(plain) % 8)))
    except binascii.Error:
        size = 0
    if not 16 <= size <= 64:
        raise CommsRefusal(60200, "Invalid parameter `Binding.Secret`: base32 of 16 to 64 bytes.")
    return plain


def address_of(factor: Factor, secret: str, issuer: str) -> str:
    """The `otpauth:` address that applications read from a QR code."""
    return str(_totp(factor, secret).provisioning_uri(name=factor.friendly_name, issuer_name=issuer))


def step_of(factor: Factor, secret: str, code: str, now: datetime) -> int | None:
    """The time step that a code is of, within the skew; None where it is of none. Takes the same time for each."""
    totp, found = _totp(factor, secret), None
    present = int(now.timestamp()) // factor.time_step
    for step in range(present - factor.skew, present + factor.skew + 1):
        if compare_digest(totp.generate_otp(step).encode(), code.strip().encode()):
            found = step
    return found


def is_locked(factor: Factor, now: datetime) -> bool:
    """Whether too many wrong codes came lately."""
    is_late = factor.failed_at is not None and factor.failed_at > now - FAILURES_FOR
    return is_late and factor.failures >= MOST_FAILURES


def _totp(factor: Factor, secret: str) -> pyotp.TOTP:
    return pyotp.TOTP(secret, digits=factor.code_length, digest=_DIGESTS[factor.alg], interval=factor.time_step)
