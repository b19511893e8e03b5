"""One bind that is kept: connects, binds, watches that the other side lives, and begins again when it does not."""

import asyncio
import logging
import random
import ssl
from contextlib import suppress
from datetime import datetime

from octavo.kernel.clock import now
from octavo.products.comms.carrier.smpp.bodies import Bind
from octavo.products.comms.carrier.smpp.codes import Command, Status, name_of
from octavo.products.comms.carrier.smpp.configuration import LineSettings, password_of
from octavo.products.comms.carrier.smpp.session import ConnectionGone, OutsideCall, Session

log = logging.getLogger("octavo.comms.smpp")
FIRST_WAIT = 0.5  # seconds; each is twice the last
LAST_ANSWERS = 1.0  # seconds for what is being kept when the line is asked to end
STEADY_SECONDS = 30.0  # a bind that held so long begins with the first wait again


class BindRefused(Exception):
    """The carrier does not let us in; the text says why."""


class Link:
    """`session` is there while it is bound, `up_since` tells since when."""

    def __init__(self, name: str, line: LineSettings, command: Command, heard: OutsideCall) -> None:
        self.session: Session | None = None
        self.up_since: datetime | None = None
        self._name, self._line, self._command, self._heard = name, line, command, heard

    async def run(self, stopping: asyncio.Event) -> None:
        """Until `stopping`, which unbinds."""
        wait = FIRST_WAIT
        while not stopping.is_set():
            began = asyncio.get_running_loop().time()
            try:
                await self._keep(stopping)
            except (OSError, TimeoutError, ConnectionGone, BindRefused, KeyError) as error:
                log.warning("The line %s is down: %s", self._name, str(error) or type(error).__name__)
            if asyncio.get_running_loop().time() - began > STEADY_SECONDS:
                wait = FIRST_WAIT
            # Chance keeps many lines from knocking together when their carrier comes back.
            await pause(stopping, wait * random.uniform(0.5, 1.0))  # noqa: S311
            wait = min(wait * 2, self._line.longest_wait)

    async def _keep(self, stopping: asyncio.Event) -> None:
        session = await self._bound()
        log.info("The line %s is up (%s)", self._name, self._command.name.lower())
        self.session, self.up_since = session, now()
        try:
            await self._watch(session, stopping)
            if stopping.is_set():
                await _leave(session)
        finally:
            self.session = self.up_since = None
            session.close()

    async def _bound(self) -> Session:
        line = self._line
        async with asyncio.timeout(line.answer_seconds):
            _, session = await asyncio.get_running_loop().create_connection(
                lambda: Session(self._heard),
                line.host,
                line.port,
                ssl=_tls(line),
                server_hostname=line.host if line.tls else None,
            )
            try:
                bind = Bind(line.system_id, password_of(line), line.system_type, address_range=line.address_range)
                answer = await session.request(self._command, bind.encoded())
                if answer.status != Status.ROK:
                    raise BindRefused(f"{line.host} answered {name_of(answer.status)}")
            except BaseException:
                session.close()
                raise
        return session

    async def _watch(self, session: Session, stopping: asyncio.Event) -> None:
        """Until the connection or the process ends. Silence is broken by enquire_link (4.11)."""
        loop, ending = asyncio.get_running_loop(), asyncio.create_task(_set(stopping))
        session.last_heard = loop.time()
        try:
            while True:
                quiet = self._line.enquire_seconds - (loop.time() - session.last_heard)
                done, _ = await asyncio.wait(
                    {session.ended, ending}, timeout=max(quiet, 0), return_when="FIRST_COMPLETED"
                )
                if done:
                    return
                if loop.time() - session.last_heard >= self._line.enquire_seconds:
                    async with asyncio.timeout(self._line.answer_seconds):
                        await session.request(Command.ENQUIRE_LINK)
        finally:
            ending.cancel()


async def _leave(session: Session) -> None:
    """Unbinds, once what came is kept and the carrier told so: it would bring again what has no answer."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LAST_ANSWERS):
            await session.all_answered()
    if not session.ended.done():
        async with asyncio.timeout(1.0):
            await session.request(Command.UNBIND)


async def _set(event: asyncio.Event) -> None:
    await event.wait()


async def pause(stopping: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stopping.wait()
    except TimeoutError:
        pass


def _tls(line: LineSettings) -> ssl.SSLContext | None:
    return ssl.create_default_context(cafile=line.tls_ca or None) if line.tls else None
