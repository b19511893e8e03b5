"""One request, signed anew at each address that the server sends it on to."""

import time
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urldefrag, urljoin

from msgspec import structs

from octavo.kernel.callbacks._sender import Form, sender_of
from octavo.kernel.callbacks.rows import Delivery, Method
from octavo.kernel.callbacks.rules import Patience
from octavo.kernel.outgoing import Failed, Fetched, outgoing

if TYPE_CHECKING:
    from octavo.kernel.context import Engines

REDIRECTS = 5
SENT_ON_AS_GET, SENT_ON_AS_IT_IS = (301, 302, 303), (307, 308)
FORM_TYPE, JSON_TYPE = "application/x-www-form-urlencoded; charset=UTF-8", "application/json"


class Asked(NamedTuple):
    """What is asked for; the form is empty where the URL has it."""

    method: Method
    url: str
    form: Form
    body: bytes | None = None
    json: bytes | None = None

    @property
    def headers(self) -> dict[str, str]:
        if self.json is not None:
            return {"Content-Type": JSON_TYPE}
        return {} if self.body is None else {"Content-Type": FORM_TYPE}


async def ask(engines: "Engines", delivery: Delivery, asked: Asked, patience: Patience) -> Fetched:
    """The answer, at whichever address. Raises AddressRefused or Failed, and what signing raises."""
    began, sender = time.monotonic(), sender_of(delivery.kind)
    for _ in range(1 + REDIRECTS):
        signed = await sender.sign(engines, delivery.owner_id, asked.url, asked.form, asked.json)
        cookies = await sender.cookies(engines, delivery, asked.url) if sender.cookies else ""
        answer = await outgoing(engines).fetch(
            asked.method,
            signed.url,
            headers=asked.headers | signed.headers | ({"Cookie": cookies} if cookies else {}),
            body=asked.body if asked.json is None else asked.json,
            timeout=max(0.001, began + patience.total - time.monotonic()),
            connect_timeout=patience.connect,
        )
        if answer.cookies and sender.keep_cookies:
            await sender.keep_cookies(engines, delivery, asked.url, answer.cookies)
        onward = _sent_on(asked, answer)
        if onward is None:
            return structs.replace(answer, seconds=time.monotonic() - began)
        asked = onward
    raise Failed("The server sends from one address to the next without an end.", "redirects")


def _sent_on(asked: Asked, answer: Fetched) -> Asked | None:
    """What to ask next (RFC 9110, 15.4): as browsers do, most redirects lose the form. Raises Failed."""
    place = answer.headers.get("location", "")
    if not place or answer.status not in SENT_ON_AS_GET + SENT_ON_AS_IT_IS:
        return None
    try:
        place.encode()
        url = urldefrag(urljoin(asked.url, place)).url
    except ValueError:
        raise Failed("The server sends to an address that is none.", "protocol") from None
    return asked._replace(url=url) if answer.status in SENT_ON_AS_IT_IS else Asked("GET", url, [])
