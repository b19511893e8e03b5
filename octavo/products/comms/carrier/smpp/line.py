"""A line to a carrier: one transceiver, or a transmitter beside a receiver, with its window and its pace."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from octavo.products.comms.carrier.smpp.bodies import Queried, Query, read_queried, read_text
from octavo.products.comms.carrier.smpp.codes import Command, Status
from octavo.products.comms.carrier.smpp.configuration import LineSettings
from octavo.products.comms.carrier.smpp.link import Link
from octavo.products.comms.carrier.smpp.pace import Pace
from octavo.products.comms.carrier.smpp.pdu import Malformed, Pdu
from octavo.products.comms.carrier.smpp.receipts import comparable
from octavo.products.comms.carrier.smpp.rows import Answer, PartKey
from octavo.products.comms.carrier.smpp.rules import verdict
from octavo.products.comms.carrier.smpp.session import ConnectionGone, Session

Heard = Callable[["Line", Session, Pdu], None]
Answered = Callable[[Answer], "asyncio.Future[None]"]


class Line:
    """`answered` gets every answer to a submit_sm, be it ever so late, and gives a future that ends once it is kept."""

    def __init__(self, name: str, settings: LineSettings, heard: Heard, answered: Answered) -> None:
        self.name, self.settings = name, settings
        self.pace = Pace(settings.rate)
        self._answered = answered
        self._window = asyncio.Semaphore(settings.window)
        # Messages are written down and sent by the handful: a few at once keep the window full, and all of them
        # together are at most two windows, which is how many a crash may leave in doubt.
        self.handful = max(1, settings.window // 2)
        self.handfuls = asyncio.Semaphore(4 if settings.window > 1 else 2)
        commands = (
            (Command.BIND_TRANSCEIVER,)
            if settings.bind == "transceiver"
            else (Command.BIND_TRANSMITTER, Command.BIND_RECEIVER)
        )
        self._links = [
            Link(name, settings, command, lambda session, pdu: heard(self, session, pdu)) for command in commands
        ]

    async def run(self, stopping: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            for link in self._links:
                group.create_task(link.run(stopping))

    @property
    def up_since(self) -> datetime | None:
        """Since when it has been able to send and to hear; None while it is not."""
        times = [link.up_since for link in self._links]
        return max(time for time in times if time) if all(times) else None

    @property
    def can_send(self) -> bool:
        return self._links[0].session is not None and not self.pace.pause_left

    async def submit(self, key: PartKey, body: bytes, deadline: float) -> bool:
        """Whether it was sent before `deadline`; it is answered and the answer kept by then.

        Raises ConnectionGone or TimeoutError where it was sent and nobody knows more. An answer that comes later is
        kept all the same.
        """
        if not await self.pace.turn(deadline):
            return False
        async with self._window:
            session = self._links[0].session
            if session is None or self.pace.pause_left or asyncio.get_running_loop().time() > deadline:
                return False
            try:
                waiting = session.request(Command.SUBMIT_SM, body)
            except ConnectionGone:
                return False
            kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            waiting.add_done_callback(lambda answer: self._keep(key, answer, kept))
            async with asyncio.timeout(self.settings.answer_seconds):
                await asyncio.wait({waiting})
        await kept
        return True

    async def query(self, query: Query) -> Queried | None:
        """What the carrier knows of a message; None where it does not say."""
        session = self._links[0].session
        if session is None:
            return None
        async with asyncio.timeout(self.settings.answer_seconds):
            answer = await session.request(Command.QUERY_SM, query.encoded())
        return read_queried(answer.body) if answer.status == Status.ROK else None

    def _keep(self, key: PartKey, waiting: asyncio.Future[Pdu], kept: asyncio.Future[None]) -> None:
        if waiting.cancelled() or waiting.exception() is not None:
            if not kept.done():
                kept.set_exception(ConnectionGone("The connection ended before the answer came."))
                kept.exception()  # whoever waited may have given up
            return
        answer = self._read(key, waiting.result())
        match verdict(answer.status):
            case "accepted":
                self.pace.went_through()
            case "held":
                self.pace.throttled()
        self._answered(answer).add_done_callback(lambda _: None if kept.done() else kept.set_result(None))

    def _read(self, key: PartKey, pdu: Pdu) -> Answer:
        try:
            smsc_id = read_text(pdu.body) if pdu.status == Status.ROK else ""
        except Malformed:
            smsc_id = ""  # taken, but under an id that nobody can read: its receipt will stay a stray
        return Answer(key, self.name, pdu.status, smsc_id, comparable(smsc_id, self.settings.answer_ids))
