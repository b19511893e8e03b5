"""The HTTP carrier as the dispatch meets it: one request for each message, some of them at the same time.

No hosted API takes a message twice and sends it once, so a request without an answer leaves doubt. Such a message is
not sent again unless the setting says so: it fails with 30008, and a receipt that comes all the same finds it failed.
"""

import asyncio
import logging
import time
from collections.abc import Sequence

import aiohttp

from octavo.kernel.context import Engines
from octavo.kernel.outgoing import AddressRefused, Failed, outgoing
from octavo.products.comms.carrier.http.rows import Driver, Verdict, reference_of
from octavo.products.comms.carrier.http.verdicts import UNKNOWN
from octavo.products.comms.carrier.protocol import Outcome, Submission

TIMEOUT = 8.0  # seconds for one message
PAUSE = 30.0  # seconds, where somebody has to put something right first
TURN = 8.0  # seconds after which messages of a batch are no longer begun, so that its lease holds

log = logging.getLogger("octavo.comms")


class HttpCarrier:
    """Doubt stays doubt. Without a provider in the settings its messages wait for one."""

    name = "http"

    def __init__(self, engines: Engines, driver: Driver | None) -> None:
        self._engines = engines
        self._driver = driver
        self._places = asyncio.Semaphore(engines.settings.gateway.at_once)

    async def submit(self, batch: Sequence[Submission]) -> list[Outcome]:
        if self._driver is None:
            log.error("Messages wait: they are to go by the HTTP carrier, and gateway.provider is not set.")
            return [Outcome(one.message_id, "later", retry_after=PAUSE) for one in batch]
        driver, began = self._driver, time.monotonic()
        return list(await asyncio.gather(*(self._hand_over(driver, one, began) for one in batch)))

    async def settle(self, doubtful: Sequence[Submission]) -> list[Outcome]:
        if self._engines.settings.comms.doubtful == "resend":
            return await self.submit(doubtful)
        return [Outcome(one.message_id, "refused", error_code=UNKNOWN) for one in doubtful]

    async def _hand_over(self, driver: Driver, one: Submission, began: float) -> Outcome:
        async with self._places:
            if time.monotonic() - began > TURN:
                return Outcome(one.message_id, "later", retry_after=0.0)
            try:
                verdict = await self._verdict(driver, one)
            except Exception:
                log.exception("Whether the provider took the message %s is not known", one.message_id)
                verdict = Verdict("doubtful")
        return Outcome(one.message_id, verdict.kind, verdict.carrier_ref, verdict.error_code, verdict.retry_after)

    async def _verdict(self, driver: Driver, one: Submission) -> Verdict:
        ask = driver.ask(one, self._receipt_url(one))
        try:
            answer = await outgoing(self._engines).fetch(
                ask.method, ask.url, headers=ask.headers, body=ask.body, timeout=TIMEOUT
            )
        except AddressRefused as refused:
            log.error("The provider of messages cannot be asked: %s", refused)
            return Verdict("later", retry_after=PAUSE)
        except Failed as failed:
            return _unanswered(failed)
        if answer.status in (401, 403):
            log.error("The provider of messages refuses our credentials (HTTP %s); messages wait.", answer.status)
        return driver.judge(answer.status, answer.headers, answer.body)

    def _receipt_url(self, one: Submission) -> str:
        settings = self._engines.settings
        if not settings.http.public_url or not settings.gateway.token:
            return ""
        base = f"{settings.http.public_url}/comms/gateway/{settings.gateway.token}"
        return f"{base}/receipts?reference={reference_of(one)}"


def _unanswered(failed: Failed) -> Verdict:
    """Without a connection nothing was sent, and it may be tried again."""
    if isinstance(failed.__cause__, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return Verdict("later", retry_after=5.0)
    return Verdict("doubtful")
