"""The vendor's signature of a request (X-Twilio-Signature), by which a receiver knows that it comes from the account.

Base64 of HMAC-SHA1 under the auth token, over the URL and, for a form, its fields sorted by name, each name followed by
its value. Other bodies are bound by their SHA-256 in the query parameter `bodySHA256`, which is part of the signed URL.
"""

import base64
import hmac
from collections import defaultdict
from collections.abc import Iterable
from hashlib import sha256

HEADER = "X-Twilio-Signature"
BODY_HASH = "bodySHA256"


def signature(token: str, url: str, form: Iterable[tuple[str, str]] = ()) -> str:
    """`url` is whole, with its query. A name that has one value twice counts it once."""
    values: defaultdict[str, set[str]] = defaultdict(set)
    for name, value in form:
        values[name].add(value)
    signed = url + "".join(name + value for name in sorted(values) for value in sorted(values[name]))
    return base64.b64encode(hmac.digest(token.encode(), signed.encode(), "sha1")).decode()


def with_body_hash(url: str, body: bytes) -> str:
    """The URL to send a body to that is no form."""
    return f"{url}{'&' if '?' in url else '?'}{BODY_HASH}={sha256(body).hexdigest()}"
