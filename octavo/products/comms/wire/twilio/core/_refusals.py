"""Refusals in the vendor's words: a number, a sentence, and where to read more."""

import msgspec

from octavo.kernel.refusals import Refusal, TooMany
from octavo.products.comms.codes import CommsRefusal, more_info, text_of

_BY_STATUS = {401: 20003, 403: 20006, 404: 20404, 405: 20004, 409: 20409, 422: 20422, 429: 20429, 503: 20503}


def render_refusal(refusal: Refusal) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body. The body never holds type, title, status and code together: the SDKs would take it
    for a problem document and lose the number.
    """
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    if isinstance(refusal, CommsRefusal):
        number, message, wait = refusal.number, refusal.detail, refusal.retry_after
    else:
        number = _BY_STATUS.get(refusal.status, 20500 if refusal.status >= 500 else 20001)
        message = text_of(number) if refusal.status in (404, 405) else refusal.detail
        wait = refusal.retry_after if isinstance(refusal, TooMany) else 0
    if refusal.status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    if refusal.status in (429, 503):
        headers["Retry-After"] = str(wait or 1)
    body = {"code": number, "message": message, "more_info": more_info(number), "status": refusal.status}
    return refusal.status, headers, msgspec.json.encode(body)
