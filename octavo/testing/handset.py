"""A virtual handset, as a person would hold it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from octavo.products.comms.carrier.simulated import actions, queries
from octavo.products.comms.carrier.simulated.rows import Handset as Behaviour
from octavo.products.comms.carrier.simulated.rows import Line, Reply

if TYPE_CHECKING:
    from octavo.kernel.context import Context
    from octavo.testing.service import Service

LOOK_AGAIN = 0.03  # seconds


@dataclass(frozen=True)
class Message:
    """One that the handset has got. `sender` is the number that it came from."""

    sender: str
    body: str
    media_urls: tuple[str, ...]
    at: datetime


class NothingCame(AssertionError):
    """The handset waited in vain."""


class Handset:
    """It gets what the account sends to its number, and says what it is told to."""

    def __init__(self, service: Service, account_id: UUID, number: str, peer: str) -> None:
        self.number = number
        self._service = service
        self._account_id = account_id
        self._peer = peer
        self._seen: set[UUID] = set()

    @property
    def messages(self) -> list[Message]:
        """All that it has got, the oldest first."""
        return [_message(line) for line in self._heard()]

    def wait(self, containing: str = "", *, seconds: float = 10.0) -> Message:
        """The next message that no `wait` has given yet, with these words in it. Raises NothingCame."""
        deadline = time.monotonic() + seconds
        while True:
            for line in self._heard():
                if line.id not in self._seen and containing in line.body:
                    self._seen.add(line.id)
                    return _message(line)
            if time.monotonic() > deadline:
                bodies = [message.body for message in self.messages]
                raise NothingCame(f"{self.number} got no new message with {containing!r}; it has {bodies}.")
            time.sleep(LOOK_AGAIN)

    def send(self, body: str, *, to: str = "", media_urls: Sequence[str] = ()) -> None:
        """Send a message to the account's number, or to another."""

        async def work(ctx: Context) -> None:
            await actions.say(
                ctx, self._account_id, sender=self.number, recipient=to or self._peer, body=body, media_urls=media_urls
            )

        self._service.run(work)

    def behave(
        self,
        *,
        online: bool = True,
        delay: float | None = None,
        loss: float = 0.0,
        error_code: int | None = None,
        replies: Mapping[str, str] | None = None,
    ) -> None:
        """From now on: be off the air, answer late, lose a share of the messages, fail all of them with an error code,
        or reply by itself to texts with certain words in them (`{"": "Yes"}` to any).
        """
        behaviour = Behaviour(
            account_id=self._account_id,
            number=self.number,
            online=online,
            delay_min=delay,
            delay_max=delay,
            loss=loss,
            error_code=error_code,
            replies=[Reply(words, reply) for words, reply in (replies or {}).items()],
        )

        async def work(ctx: Context) -> None:
            await actions.keep_handset(ctx, behaviour)

        self._service.run(work)

    def _heard(self) -> list[Line]:
        async def work(ctx: Context) -> list[Line]:
            return await queries.conversation(ctx, self._account_id, self.number, ctx.now)

        return [line for line in self._service.run(work) if not line.said]


def _message(line: Line) -> Message:
    return Message(line.peer, line.body, tuple(line.media_urls), line.at)
