"""One round of a delivery: its URL, once or more, and then its fallback."""

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from msgspec import Struct

from octavo.kernel import clock
from octavo.kernel.callbacks import rules
from octavo.kernel.callbacks._sender import Form, sender_of
from octavo.kernel.callbacks.rows import Attempt, Delivery, Method, Reason
from octavo.kernel.ids import new_id
from octavo.kernel.outgoing import AddressRefused, Failed, Fetched, outgoing

if TYPE_CHECKING:
    from octavo.kernel.context import Engines

REDIRECTS = 5
FORM_TYPE, JSON_TYPE = "application/x-www-form-urlencoded; charset=UTF-8", "application/json"


class Round(Struct):
    """What came of it: the answer, or why there is none; and the attempts that went wrong on the way."""

    answer: Fetched | None
    reason: Reason
    status: int | None
    wrong: list[Attempt]


async def carry(engines: "Engines", delivery: Delivery) -> Round:
    """Try the URL as often as it wants to be tried, and then the fallback. Nothing is raised."""
    form = parse_qsl(delivery.fields, keep_blank_values=True)
    wrong: list[Attempt] = []
    answer = await _try(engines, delivery, delivery.method, delivery.url, form, wrong)
    if answer is None and delivery.fallback_url:
        last = wrong[-1]
        told = form + sender_of(delivery.kind).explain(last.reason, last.status, rules.bare(delivery.url))
        answer = await _try(engines, delivery, delivery.fallback_method, delivery.fallback_url, told, wrong)
    if answer is not None:
        return Round(answer, "", answer.status, wrong)
    return Round(None, wrong[-1].reason, wrong[-1].status, wrong)


async def _try(
    engines: "Engines", delivery: Delivery, method: Method, url: str, form: Form, wrong: list[Attempt]
) -> Fetched | None:
    patience = rules.patience(url, engines.settings.callbacks.timeout)
    for _ in range(1 + patience.retries):
        answer, failure = await _ask(engines, delivery, method, rules.bare(url), form, patience)
        if failure is None:
            return answer
        wrong.append(failure)
        if not rules.retried(failure.reason, failure.status, patience):
            break
    return None


async def _ask(
    engines: "Engines", delivery: Delivery, method: Method, url: str, form: Form, patience: rules.Patience
) -> tuple[Fetched | None, Attempt | None]:
    """The answer if it is a good one, and else what was wrong."""
    body: bytes | None = None
    headers: dict[str, str] = {}
    if delivery.json is not None:
        body, headers = delivery.json, {"Content-Type": JSON_TYPE}
    elif method == "GET":
        url += ("&" if "?" in url else "?") + urlencode(form) if form else ""
    else:
        body, headers = urlencode(form).encode(), {"Content-Type": FORM_TYPE}
    signed = [] if method == "GET" else form
    started = clock.now()
    reason: Reason
    try:
        headers |= await sender_of(delivery.kind).sign(engines, delivery.owner_id, method, url, signed, delivery.json)
        answer = await outgoing(engines).fetch(
            method,
            url,
            headers=headers,
            body=body,
            timeout=patience.total,
            connect_timeout=patience.connect,
            redirects=REDIRECTS,
        )
    except AddressRefused as error:
        reason, detail = "refused", str(error)
    except Failed as error:
        reason, detail = error.kind, str(error)
    else:
        if 200 <= answer.status < 300:
            return answer, None
        text = answer.body[:500].decode(errors="replace").replace("\x00", "")
        return None, Attempt(new_id(), url, answer.status, "status", text, answer.seconds, started)
    seconds = (clock.now() - started).total_seconds()
    return None, Attempt(new_id(), url, None, reason, detail[:500], seconds, started)
