"""One connection: requests and their answers by sequence number, in both directions (SMPP 3.4, 2.2 and 2.7)."""

import asyncio
import logging
from collections.abc import Callable
from typing import cast

from octavo.products.comms.carrier.smpp.codes import RESPONSE, Command, Status
from octavo.products.comms.carrier.smpp.pdu import FrameBroken, Frames, Malformed, Pdu

log = logging.getLogger("octavo.comms.smpp")
LAST_SEQUENCE = 0x7FFFFFFF
OutsideCall = Callable[["Session", Pdu], None]


class ConnectionGone(Exception):
    """The connection ended before the answer came."""


class Session(asyncio.Protocol):
    """`heard` gets every request of the other side, and raises Malformed for one that it cannot read."""

    def __init__(self, heard: OutsideCall) -> None:
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.last_heard = 0.0
        self._heard = heard
        self._frames = Frames()
        self._waiting: dict[int, asyncio.Future[Pdu]] = {}
        self._owed: set[int] = set()  # the sequence numbers of requests that have no answer yet
        self._all_answered = asyncio.Event()
        self._all_answered.set()
        self._sequence = 0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by class

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(ConnectionGone("The connection ended before the answer came."))
                answer.exception()  # whoever asked may not be waiting any more
        self._waiting.clear()
        self._owed.clear()
        self._all_answered.set()
        if not self.ended.done():
            self.ended.set_result(None)

    def data_received(self, data: bytes) -> None:
        self.last_heard = asyncio.get_running_loop().time()
        try:
            for pdu in self._frames.take(data):
                self._received(pdu)
        except FrameBroken as fault:
            log.warning("The other side does not speak SMPP: %s", fault)
            self.nack(0, fault.status)
            self.close()

    def request(self, command: int, body: bytes = b"") -> asyncio.Future[Pdu]:
        """Sent at once; the answer, whatever its status, or ConnectionGone."""
        if self._transport is None or self._transport.is_closing():
            raise ConnectionGone("There is no connection.")
        sequence = self._next_sequence()
        answer = self._waiting[sequence] = asyncio.get_running_loop().create_future()
        self._transport.write(Pdu(command, 0, sequence, body).encoded())
        return answer

    async def all_answered(self) -> None:
        """Returns when no request of the other side waits for our answer, or the connection has ended."""
        await self._all_answered.wait()

    def answer(self, request: Pdu, status: int = Status.ROK, body: bytes = b"") -> None:
        self._write(Pdu(request.command | RESPONSE, status, request.sequence, body))
        self._has_answer(request.sequence)

    def nack(self, sequence: int, status: int) -> None:
        """generic_nack (4.3): for what is no command, or no frame."""
        self._write(Pdu(Command.GENERIC_NACK, status, sequence))
        self._has_answer(sequence)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def _received(self, pdu: Pdu) -> None:
        if pdu.command & RESPONSE:
            answer = self._waiting.pop(pdu.sequence, None)
            if answer is not None and not answer.done():
                answer.set_result(pdu)
        elif pdu.command == Command.ENQUIRE_LINK:
            self.answer(pdu)
        elif pdu.command == Command.UNBIND:
            self.answer(pdu)
            self.close()
        else:
            self._owed.add(pdu.sequence)
            self._all_answered.clear()
            try:
                self._heard(self, pdu)
            except Malformed as fault:
                log.warning("A request of the other side cannot be read: %s", fault)
                self._refuse(pdu, fault.status)

    def _refuse(self, pdu: Pdu, status: int) -> None:
        if status == Status.RINVCMDID:
            self.nack(pdu.sequence, status)
        else:
            # Answers to deliver_sm and submit_sm carry an id; it is empty where nothing was taken.
            self.answer(pdu, status, b"\0")

    def _has_answer(self, sequence: int) -> None:
        self._owed.discard(sequence)
        if not self._owed:
            self._all_answered.set()

    def _write(self, pdu: Pdu) -> None:
        if self._transport is not None:
            self._transport.write(pdu.encoded())

    def _next_sequence(self) -> int:
        self._sequence = self._sequence % LAST_SEQUENCE + 1
        return self._sequence
