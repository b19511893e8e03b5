"""All lines of this process, and what comes in over them."""

import asyncio
from collections.abc import Mapping
from weakref import WeakKeyDictionary

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.db import Database
from octavo.products.comms.carrier.smpp.alphabets import decoded
from octavo.products.comms.carrier.smpp.bodies import ShortMessage, read_data_sm, read_short_message
from octavo.products.comms.carrier.smpp.codes import Command, Status
from octavo.products.comms.carrier.smpp.configuration import LineSettings, configured_lines
from octavo.products.comms.carrier.smpp.journal import Journal
from octavo.products.comms.carrier.smpp.line import Line
from octavo.products.comms.carrier.smpp.parts import Place, place_and_text
from octavo.products.comms.carrier.smpp.pdu import Malformed, Pdu
from octavo.products.comms.carrier.smpp.receipts import is_receipt, read_receipt
from octavo.products.comms.carrier.smpp.rows import InboundPart, Told
from octavo.products.comms.carrier.smpp.rules import number_of
from octavo.products.comms.carrier.smpp.session import Session

_ALONE = Place(0, 1, 1)


class Network:
    """Lines that share a journal."""

    def __init__(self, engines: Engines, settings: Mapping[str, LineSettings]) -> None:
        self.journal = Journal(engines)
        self.lines = {name: Line(name, line, self._heard, self.journal.take) for name, line in settings.items()}

    async def run(self, stopping: asyncio.Event) -> None:
        """Keep the lines up until `stopping`; what they brought is written down before this ends."""
        lines_ended = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(self.journal.run(lines_ended))
            try:
                async with asyncio.TaskGroup() as lines:
                    for line in self.lines.values():
                        lines.create_task(line.run(stopping))
            finally:
                lines_ended.set()

    def _heard(self, line: Line, session: Session, pdu: Pdu) -> None:
        if pdu.command == Command.DELIVER_SM:
            message = read_short_message(pdu.body)
        elif pdu.command == Command.DATA_SM:
            message = read_data_sm(pdu.body)
        else:
            raise Malformed(Status.RINVCMDID, f"Command 0x{pdu.command:08x} is not for us.")
        entry = _told(line, message) if is_receipt(message) else _inbound(line, message)
        if entry is None:
            session.answer(pdu, Status.ROK, b"\0")  # it names no message, and will not the next time
            return
        # The carrier may forget it once it is ours.
        self.journal.take(entry).add_done_callback(
            lambda kept: session.answer(pdu, Status.RX_T_APPN if kept.exception() else Status.ROK, b"\0")
        )


def _told(line: Line, message: ShortMessage) -> Told | None:
    receipt = read_receipt(message, answers=line.settings.answer_ids, receipts=line.settings.receipt_ids)
    if receipt is None:
        return None
    # A receipt travels back: its source is whom the message was for.
    sender, recipient = message.destination.digits, message.source.digits
    return Told(line.name, receipt.key, sender, recipient, receipt.state, receipt.error, receipt.reference, now())


def _inbound(line: Line, message: ShortMessage) -> InboundPart:
    place, text = place_and_text(message)
    place = place or _ALONE
    return InboundPart(
        line.name,
        number_of(message.source),
        number_of(message.destination),
        place.reference,
        place.total,
        place.number,
        decoded(text, message.data_coding, line.settings.alphabet).replace("\0", ""),
        now(),
    )


_networks: "WeakKeyDictionary[Database, Network]" = WeakKeyDictionary()


def network(engines: Engines) -> Network:
    """The process's lines: the service keeps them up, and the carrier sends over them."""
    found = _networks.get(engines.db.main)
    if found is None:
        found = _networks[engines.db.main] = Network(engines, configured_lines(engines.settings))
    return found
