"""Kannel's bearerbox and smsbox, bound to a message centre that relays between them and Octavo's line."""

import asyncio
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from octavo.kernel.processes import die_with_parent
from octavo.products.comms.carrier.smpp.bodies import encoded_text, read_short_message
from octavo.products.comms.carrier.smpp.codes import Command, Status
from octavo.products.comms.carrier.smpp.pdu import Pdu
from octavo.products.comms.carrier.smpp.session import Session
from tests.harness.addresses import port_of_its_own
from tests.products.comms.carrier.smpp.smsc import PASSWORD, Smsc

KANNEL = shutil.which("bearerbox", path="/usr/sbin:/usr/bin:/usr/local/sbin")
REPLY = "Thank you. " * 19 + "Good night."

_CONFIGURATION = """
group = core
admin-port = {admin}
admin-password = {password}
smsbox-port = {boxes}
box-allow-ip = "127.0.0.1"
log-file = "{folder}/bearerbox.log"
log-level = 0

group = smsc
smsc = smpp
smsc-id = octavo
host = 127.0.0.1
port = {smsc}
transceiver-mode = true
smsc-username = kannel
smsc-password = {password}
system-type = ""
enquire-link-interval = 5
reconnect-delay = 1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {http}
log-file = "{folder}/smsbox.log"
log-level = 0

group = sendsms-user
username = octavo
password = {password}
max-messages = 10
concatenation = true

group = sms-service
keyword = default
text = "{reply}"
max-messages = 5
concatenation = true
"""


class Relay(Smsc):
    """Each message goes on to whoever else is bound."""

    def heard(self, session: Session, pdu: Pdu) -> None:
        if pdu.command != Command.SUBMIT_SM:
            super().heard(session, pdu)
            return
        message = read_short_message(pdu.body)
        self.taken.append(message)
        session.answer(pdu, Status.ROK, encoded_text(f"id{len(self.taken)}"))
        for other in self.listeners:
            if other is not session:
                other.request(Command.DELIVER_SM, message.encoded())
        self.changed.set()


@dataclass
class Kannel:
    http: int

    async def send(self, sender: str, recipient: str, text: str) -> None:
        query = {"username": "octavo", "password": PASSWORD, "from": sender, "to": recipient, "text": text}
        coding = {"coding": "2", "charset": "UTF-8"} if not text.isascii() else {}
        async with httpx.AsyncClient(timeout=60) as client:
            answer = await client.get(f"http://127.0.0.1:{self.http}/cgi-bin/sendsms", params=query | coding)
        assert answer.status_code == 202, answer.text


@asynccontextmanager
async def kannel_bound_to(smsc: Relay, folder: Path) -> AsyncIterator[Kannel]:
    """Both boxes, once they are bound and listen."""
    with port_of_its_own() as admin, port_of_its_own() as boxes, port_of_its_own() as http:
        path = folder / "kannel.conf"
        path.write_text(
            _CONFIGURATION.format(
                admin=admin, boxes=boxes, http=http, smsc=smsc.port, password=PASSWORD, folder=folder, reply=REPLY
            )
        )
        bearerbox = await _started("bearerbox", path)
        try:
            await _listens(boxes)
            smsbox = await _started("smsbox", path)
            try:
                await _listens(http)
                yield Kannel(http)
            finally:
                await _ended(smsbox)
        finally:
            await _ended(bearerbox)


async def _started(program: str, path: Path) -> asyncio.subprocess.Process:
    nowhere = asyncio.subprocess.DEVNULL
    found = shutil.which(program, path="/usr/sbin:/usr/bin:/usr/local/sbin")
    assert found is not None
    return await asyncio.create_subprocess_exec(
        found, str(path), stdout=nowhere, stderr=nowhere, preexec_fn=die_with_parent(signal.SIGKILL)
    )


async def _ended(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.wait()


async def _listens(port: int) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
