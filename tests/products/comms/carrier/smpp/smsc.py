"""A small message centre for tests, on Octavo's own codec: it takes binds and messages, and answers as it is told."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from octavo.kernel.clock import now
from octavo.products.comms.carrier.smpp.bodies import (
    Address,
    Queried,
    ShortMessage,
    encoded_text,
    read_bind,
    read_query,
    read_short_message,
)
from octavo.products.comms.carrier.smpp.codes import ESM_RECEIPT, Command, Status
from octavo.products.comms.carrier.smpp.pdu import Pdu
from octavo.products.comms.carrier.smpp.session import Session

PASSWORD = "secret"
BINDS = (Command.BIND_RECEIVER, Command.BIND_TRANSMITTER, Command.BIND_TRANSCEIVER)


@dataclass
class Smsc:
    """`answer` decides the status for the n-th message (from 1); None leaves it unanswered."""

    port: int = 0
    answer: Callable[[int], int | None] = lambda number: Status.ROK
    id_of: Callable[[int], str] = lambda number: f"id{number}"
    receipts_first: bool = False
    receipt: Callable[[int], str] | None = None  # the text of the receipt for the n-th message
    states: dict[str, int] = field(default_factory=dict)  # what query_sm is answered
    taken: list[ShortMessage] = field(default_factory=list)
    binds: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    listeners: list[Session] = field(default_factory=list)
    unanswered: dict[int, tuple[Session, Pdu]] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def heard(self, session: Session, pdu: Pdu) -> None:
        if pdu.command in BINDS:
            self._bind(session, pdu)
        elif pdu.command == Command.SUBMIT_SM:
            self._submit(session, pdu)
        elif pdu.command == Command.QUERY_SM:
            query = read_query(pdu.body)
            self.asked.append(query.message_id)
            state = self.states.get(query.message_id)
            found = Queried(query.message_id, "", state or 0, 0).encoded()
            session.answer(pdu, Status.ROK if state else Status.RQUERYFAIL, found)
        self.changed.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not holds():
                self.changed.clear()
                await self.changed.wait()

    def deliver(self, message: ShortMessage) -> asyncio.Future[Pdu]:
        return self.listeners[-1].request(Command.DELIVER_SM, message.encoded())

    def report(self, number: int, text: str) -> asyncio.Future[Pdu]:
        sent = self.taken[number - 1]
        return self.deliver(
            ShortMessage(source=sent.destination, destination=sent.source, text=text.encode(), esm_class=ESM_RECEIPT)
        )

    def answer_late(self, number: int) -> None:
        session, pdu = self.unanswered.pop(number)
        session.answer(pdu, Status.ROK, encoded_text(self.id_of(number)))

    def _bind(self, session: Session, pdu: Pdu) -> None:
        if read_bind(pdu.body).password != PASSWORD:
            session.answer(pdu, Status.RINVPASWD, encoded_text(""))
            return
        self.binds.append(pdu.command)
        self.sessions.append(session)
        if pdu.command != Command.BIND_TRANSMITTER:
            self.listeners.append(session)
            session.ended.add_done_callback(lambda _: self._left(session))
        session.answer(pdu, Status.ROK, encoded_text("smsc"))

    def _left(self, session: Session) -> None:
        if session in self.listeners:
            self.listeners.remove(session)

    def _submit(self, session: Session, pdu: Pdu) -> None:
        self.taken.append(read_short_message(pdu.body))
        number = len(self.taken)
        status = self.answer(number)
        if self.receipt is not None and self.receipts_first:
            self.report(number, self.receipt(number))
        if status is None:
            self.unanswered[number] = session, pdu
        else:
            session.answer(pdu, status, encoded_text(self.id_of(number)) if status == Status.ROK else b"")
            if self.receipt is not None and status == Status.ROK and not self.receipts_first:
                self.report(number, self.receipt(number))


@asynccontextmanager
async def serving(smsc: Smsc, tls: ssl.SSLContext | None = None) -> AsyncIterator[Smsc]:
    """The centre on a free port, or on the one it had before."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Session(smsc.heard), "127.0.0.1", smsc.port, ssl=tls)
    smsc.port = server.sockets[0].getsockname()[1]
    try:
        yield smsc
    finally:
        server.close()
        for session in smsc.sessions:
            session.close()
        smsc.sessions.clear()
        smsc.listeners.clear()
        await server.wait_closed()


def a_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signed itself, and its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "smsc")])
    time = now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(time - timedelta(hours=1))
        .not_valid_after(time + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "smsc.pem", folder / "smsc.key"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    return paths


def text_from(sender: str, recipient: str, text: bytes, **fields: int) -> ShortMessage:
    return ShortMessage(source=Address(sender, 1, 1), destination=Address(recipient, 1, 1), text=text, **fields)  # type: ignore[arg-type]
