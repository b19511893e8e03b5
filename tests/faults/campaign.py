"""Load that goes on while processes die: a client that tries again, handsets that answer, and a server that is told."""

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from uuid import uuid4

import httpx
from aiohttp import web

from tests.cli.calling import octavo
from tests.harness.receiver import Received, Receiver
from tests.harness.running import RunningOctavo

AT_ONCE = 12
APART = 0.06  # seconds between two messages of one sender; a person would call it a busy day
AGAIN_SECONDS = 4.0
LEAST, BETWEEN = 200, 30  # messages in all, and between two deaths
PATIENCE = 60.0
FAILING, ANSWERING, LOSING = "+14155550100", "+14155550101", "+14155550102"
CALL = "ping"
SETTINGS = {
    "OCTAVO_OUTGOING_ALLOW": "127.0.0.0/8",
    "OCTAVO_COMMS_SENDER_RATE": "1000",
    "OCTAVO_CALLBACKS_FIRST_RETRY": "0.5",
}


@dataclass
class Campaign:
    """One Octavo with an account. `accepted` are the SIDs of what was answered 201, by the text of each message."""

    running: RunningOctavo
    receiver: Receiver
    chance: random.Random
    settings: Mapping[str, str]
    suffix: str = ""  # what makes every seventh message long
    account: dict[str, str] = field(default_factory=dict)
    accepted: dict[str, str] = field(default_factory=dict)
    asked: int = 0

    async def begin(self) -> None:
        """The account, and the address that its number asks what to answer."""
        self.account = await self._octavo("account", "create", "--name", "Faults")
        self.receiver.answers["/inbound"] = _answer
        self.receiver.answers["/status"] = self._stumble
        async with self._client() as client:
            listed = (await client.get(self._address("IncomingPhoneNumbers"))).json()
            [number] = listed["incoming_phone_numbers"]
            form = {"SmsUrl": f"{self.receiver.url}/inbound"}
            (await client.post(self._address(f"IncomingPhoneNumbers/{number['sid']}"), data=form)).raise_for_status()

    async def play(self, scenario: object) -> None:
        """Handsets that behave as the scenario says."""
        path = self.running.data_dir / "scenario.yaml"
        path.write_text(json.dumps(scenario))
        await self._octavo("scenario", "run", str(path), "--account", self.account["sid"])

    async def strike(self, victims: Sequence[str], kill: Callable[[str], Awaitable[None]]) -> None:
        """Sends from before the first death until after the last. Most die while messages flow, and some while Octavo
        is still getting up again.
        """
        over = asyncio.Event()
        sending = asyncio.create_task(self._send_until(over))
        for victim in victims:
            if self.chance.random() < 0.7:
                await self._until_accepted(len(self.accepted) + BETWEEN)
            await asyncio.sleep(self.chance.random() * 0.5)
            await kill(victim)
        await self._until_accepted(max(LEAST, len(self.accepted) + BETWEEN))
        over.set()
        await sending

    async def _until_accepted(self, number: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while len(self.accepted) < number:
                await asyncio.sleep(0.02)

    async def _send_until(self, over: asyncio.Event) -> None:
        numbers = count()

        async def send_some(client: httpx.AsyncClient) -> None:
            while not over.is_set():
                await self._send(client, next(numbers))
                await asyncio.sleep(APART)

        async with self._client() as client, asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(send_some(client))
        self.asked = next(numbers)

    async def _send(self, client: httpx.AsyncClient, number: int) -> None:
        """Every third goes to a handset that answers, every ninth to one that fails, every ninth to one that loses what
        it gets, so that nothing more is heard of it, and the others to one of their own.

        Every other client has a key and tries again; the others know only what they were answered.
        """
        of_its_own = f"+1415555{2000 + number}"
        to = {0: ANSWERING, 3: ANSWERING, 6: ANSWERING, 4: FAILING, 7: LOSING}.get(number % 9, of_its_own)
        body = f"{CALL if to == ANSWERING else 'Message'} {number}"
        if self.suffix and number % 7 == 0:
            # Each part is unlike those of all others, so that one that goes out twice is known.
            body = f"{body}. {self.suffix}{number}."
        callback = f"{self.receiver.url}/status"
        form = {"To": to, "From": self.account["phone_number"], "Body": body, "StatusCallback": callback}
        sid = await (self._ask_again if number % 2 else self._ask_once)(client, form)
        if sid:
            self.accepted[body] = sid

    async def _ask_once(self, client: httpx.AsyncClient, form: dict[str, str], **headers: str) -> str | None:
        """The SID, a blank where nobody could take it, or None where nobody knows."""
        try:
            answer = await client.post(self._address("Messages"), data=form, headers=headers)
        except httpx.TransportError:
            return None
        if answer.status_code == 201:
            sid: str = answer.json()["sid"]
            return sid
        assert answer.status_code in (409, 429, 503), answer.text
        return ""

    async def _ask_again(self, client: httpx.AsyncClient, form: dict[str, str]) -> str | None:
        """Under the same key. Where the database fell in the middle, nobody can tell for some minutes whether the first
        request was carried out; then the client gives up.
        """
        key, give_up = uuid4().hex, time.monotonic() + AGAIN_SECONDS
        while time.monotonic() < give_up:
            if sid := await self._ask_once(client, form, **{"Idempotency-Key": key}):
                return sid
            await asyncio.sleep(0.1)
        return None

    async def _stumble(self, received: Received) -> web.StreamResponse:
        """A server that is not at its best: now and then it fails over a callback."""
        return web.Response(status=500 if self.chance.random() < 0.03 else 204)

    async def _octavo(self, *words: str) -> dict[str, str]:
        command = ("comms", *words, "--data", str(self.running.data_dir), "--json")
        found: dict[str, str] = json.loads((await asyncio.to_thread(octavo, *command, **self.settings)).stdout)
        return found

    def _client(self) -> httpx.AsyncClient:
        auth = (self.account["sid"], self.account["auth_token"])
        return httpx.AsyncClient(auth=auth, headers={"host": "api.twilio.com"}, timeout=20)

    def _address(self, resource: str) -> str:
        port = self.running.ports["twilio"]
        return f"http://127.0.0.1:{port}/2010-04-01/Accounts/{self.account['sid']}/{resource}.json"


async def _answer(received: Received) -> web.StreamResponse:
    text = f"<Response><Message>Thanks {received.form['MessageSid']}</Message></Response>"
    return web.Response(text=text, content_type="text/xml")
