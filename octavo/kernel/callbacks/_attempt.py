"""One round of a delivery: its URL, once or more, and then its fallback."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, urlencode

from msgspec import Struct, field

from octavo.kernel import clock
from octavo.kernel.callbacks import rules
from octavo.kernel.callbacks._request import Asked, ask
from octavo.kernel.callbacks._sender import Form, sender_of
from octavo.kernel.callbacks.rows import Attempt, Delivery, Method, Reason
from octavo.kernel.db import storable
from octavo.kernel.ids import new_id
from octavo.kernel.outgoing import AddressRefused, Failed, Fetched

if TYPE_CHECKING:
    from octavo.kernel.context import Engines

LONGEST_DETAIL = 500


class Round(Struct):
    """What came of it: a good answer, or none; and the attempts that went wrong on the way.

    `is_down`: the server of the URL is not well, and no fallback took the callback. `wait` is how many seconds it asked
    to be left in peace. `saved_from` is what went wrong where the fallback alone took the callback.
    """

    answer: Fetched | None = None
    wrong: list[Attempt] = field(default_factory=list)
    is_down: bool = False
    wait: float = 0.0
    saved_from: Attempt | None = None

    @property
    def status(self) -> int | None:
        if self.answer is not None:
            return self.answer.status
        return self.wrong[-1].status if self.wrong else None

    @property
    def reason(self) -> Reason:
        return self.wrong[-1].reason if self.answer is None and self.wrong else ""


class _Said(NamedTuple):
    """A form, and how it is written."""

    form: Form
    fields: str


async def carry(engines: "Engines", delivery: Delivery) -> Round:
    """Try the URL as often as it wants to be tried, and then the fallback. What the network does is never raised."""
    said = _Said(parse_qsl(delivery.fields, keep_blank_values=True), delivery.fields)
    own, fallback = Round(), Round()
    await _try(engines, delivery, delivery.method, delivery.url, said, own)
    if own.answer is None and delivery.fallback_url:
        form = said.form + sender_of(delivery.kind).explain(own.wrong[-1])
        said = _Said(form, urlencode(form))
        await _try(engines, delivery, delivery.fallback_method, delivery.fallback_url, said, fallback)
    answer = own.answer or fallback.answer
    saved_from = own.wrong[-1] if fallback.answer is not None else None
    return Round(answer, own.wrong + fallback.wrong, own.is_down and answer is None, own.wait, saved_from)


async def _try(engines: "Engines", delivery: Delivery, method: Method, url: str, said: _Said, round_: Round) -> None:
    patience = rules.patience(url, engines.settings.callbacks.timeout)
    for _ in range(1 + patience.retries):
        found = await _ask(engines, delivery, method, rules.bare(url), said, patience)
        if isinstance(found, Attempt):
            attempt, round_.wait = found, 0.0
        elif 200 <= found.answer.status < 300:
            round_.answer, round_.is_down, round_.wait = found.answer, False, 0.0
            return
        else:
            attempt = _refused(found)
            round_.wait = rules.asked_wait(attempt.status, found.answer.headers.get("retry-after", ""), clock.now())
        round_.wrong.append(attempt)
        round_.is_down = rules.is_down(attempt.reason, attempt.status)
        if round_.wait or not rules.is_retried(attempt.reason, attempt.status, patience):
            return


async def _ask(
    engines: "Engines", delivery: Delivery, method: Method, url: str, said: _Said, patience: rules.Patience
) -> "_Answered | Attempt":
    """What the server answered, or why it did not."""
    if delivery.json is not None:
        asked = Asked(method, url, [], json=delivery.json)
    elif method == "GET":
        asked = Asked("GET", _with_query(url, said.fields), [])
    else:
        asked = Asked(method, url, said.form, said.fields.encode())
    started = clock.now()
    reason: Reason
    try:
        answer = await ask(engines, delivery, asked, patience)
    except AddressRefused as error:
        reason, detail = "refused", str(error)
    except Failed as error:
        reason, detail = error.kind, str(error)
    else:
        return _Answered(url, answer, started)
    seconds = (clock.now() - started).total_seconds()
    return Attempt(new_id(), url, None, reason, storable(detail, longest=LONGEST_DETAIL), seconds, started)


class _Answered(NamedTuple):
    """Whatever the server said."""

    url: str
    answer: Fetched
    at: datetime


def _refused(one: _Answered) -> Attempt:
    text = storable(one.answer.body[:LONGEST_DETAIL].decode(errors="replace"), longest=LONGEST_DETAIL)
    return Attempt(new_id(), one.url, one.answer.status, "status", text, one.answer.seconds, one.at)


def _with_query(url: str, fields: str) -> str:
    # A query may have question marks as they are (RFC 3986, 3.4), and twilio-node unescapes them before it validates
    # a signature.
    fields = fields.replace("%3F", "?")
    return f"{url}{'&' if '?' in url else '?'}{fields}" if fields else url
