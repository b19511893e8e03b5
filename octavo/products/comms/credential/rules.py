"""What may be left with us."""

import re

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.credential.rows import Kind

LONGEST_NAME = 64
LEAST_BITS = 2048
_AWS = re.compile(r"[A-Za-z0-9]{16,128}:[A-Za-z0-9/+=]{16,128}")


def check_credential(kind: Kind, content: str, name: str) -> None:
    """Raises CommsRefusal 20001."""
    if len(name) > LONGEST_NAME:
        raise CommsRefusal(20001, f"FriendlyName is too long: it has at most {LONGEST_NAME} characters.")
    if kind == "aws" and not _AWS.fullmatch(content):
        raise CommsRefusal(20001, "Credentials: an access key and its secret, with a colon between them.")
    if kind == "public_key":
        _check_public_key(content)


def _check_public_key(content: str) -> None:
    try:
        key = load_pem_public_key(content.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise CommsRefusal(20001, "PublicKey: a key in PEM is expected.") from None
    if not isinstance(key, RSAPublicKey) or key.key_size < LEAST_BITS:
        raise CommsRefusal(20001, f"PublicKey: an RSA key of at least {LEAST_BITS} bits is expected.")
