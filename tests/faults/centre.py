"""A message centre as carriers have them: what it owes it keeps until that is acknowledged, over whichever bind."""

import asyncio
import random
from dataclasses import dataclass, field

from octavo.products.comms.carrier.smpp.alphabets import gsm_encoded
from octavo.products.comms.carrier.smpp.bodies import Address, ShortMessage, encoded_text, read_short_message
from octavo.products.comms.carrier.smpp.codes import ESM_RECEIPT, Command, Status
from octavo.products.comms.carrier.smpp.parts import parts_of
from octavo.products.comms.carrier.smpp.pdu import Pdu
from octavo.products.comms.carrier.smpp.session import ConnectionGone, Session
from octavo.products.comms.message.segments import segments_of
from tests.products.comms.carrier.smpp.smsc import Smsc

RECEIPT = "id:id{} sub:001 dlvrd:001 submit date:2611210700 done date:2611210701 stat:DELIVRD err:000 text:"
AGAIN_SECONDS = 3.0  # without an acknowledgement it delivers again
AT_ONCE = 20


@dataclass
class Centre(Smsc):
    """While it is `dying` it takes messages and answers nothing; of half of them it sends a receipt all the same."""

    chance: random.Random = field(default_factory=random.Random)
    dying: bool = False
    said: list[str] = field(default_factory=list)
    _owed: list[ShortMessage] = field(default_factory=list)

    def say(self, sender: str, recipient: str, text: str) -> None:
        """Owes the line a message, in as many parts as it takes."""
        self.said.append(text)
        pieces = parts_of(text, segments_of(text).encoding, reference=len(self.said), joining="udh8")
        self._owed += [
            ShortMessage(
                source=Address(sender.removeprefix("+"), 1, 1),
                destination=Address(recipient.removeprefix("+"), 1, 1),
                text=piece.text,
                data_coding=piece.data_coding,
                esm_class=piece.esm_class,
            )
            for piece in pieces
        ]

    @property
    def paid(self) -> bool:
        return not self._owed

    async def vanish(self) -> None:
        """In the middle of a window all connections are gone."""
        self.dying = True
        await asyncio.sleep(0.05 + self.chance.random() * 0.1)
        for session in self.sessions:
            if session._transport is not None:
                session._transport.abort()
        self.sessions.clear()
        self.dying = False

    async def pay(self) -> None:
        """For ever: delivers what it owes, and again what nobody acknowledged."""
        while True:
            if self._owed and self.listeners:
                await asyncio.gather(*(self._pay(one) for one in self._owed[:AT_ONCE]))
            await asyncio.sleep(0.02)

    async def _pay(self, one: ShortMessage) -> None:
        try:
            async with asyncio.timeout(AGAIN_SECONDS):
                answer = await self.deliver(one)
        except (ConnectionGone, TimeoutError, IndexError):
            return
        if answer.status == Status.ROK:
            self._owed.remove(one)

    def heard(self, session: Session, pdu: Pdu) -> None:
        if pdu.command != Command.SUBMIT_SM:
            super().heard(session, pdu)
            return
        message = read_short_message(pdu.body)
        self.taken.append(message)
        number = len(self.taken)
        if not self.dying:
            session.answer(pdu, Status.ROK, encoded_text(f"id{number}"))
        if not self.dying or self.chance.random() < 0.5:
            text = gsm_encoded(RECEIPT.format(number))
            self._owed.append(
                ShortMessage(source=message.destination, destination=message.source, text=text, esm_class=ESM_RECEIPT)
            )
