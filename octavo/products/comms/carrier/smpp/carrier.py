"""SMPP as the dispatch meets it. What may have been sent is known before it is sent, so nothing goes out twice."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from octavo.kernel.clock import now
from octavo.kernel.context import Context, Engines
from octavo.products.comms.carrier.protocol import Outcome, Submission
from octavo.products.comms.carrier.smpp import queries, rules
from octavo.products.comms.carrier.smpp.actions import intend, match_stray, take_back
from octavo.products.comms.carrier.smpp.bodies import ShortMessage
from octavo.products.comms.carrier.smpp.codes import Tag
from octavo.products.comms.carrier.smpp.configuration import LineSettings
from octavo.products.comms.carrier.smpp.line import Line
from octavo.products.comms.carrier.smpp.network import network
from octavo.products.comms.carrier.smpp.parts import parts_of
from octavo.products.comms.carrier.smpp.pdu import Malformed
from octavo.products.comms.carrier.smpp.rows import SubmissionPart
from octavo.products.comms.carrier.smpp.session import ConnectionGone
from octavo.products.comms.message.segments import segments_of

log = logging.getLogger("octavo.comms.smpp")
# Until then a batch is sent, or its rest is given back: whoever leased it holds it for longer than this.
SEND_SECONDS = 8.0
ASK_AGAIN = 1.0
WANTS_RECEIPT = 1  # registered_delivery (5.2.17): the final outcome, be it success or failure


class Draft(NamedTuple):
    """A part, and the body of its submit_sm."""

    part: SubmissionPart
    body: bytes


class SmppCarrier:
    """A message that is given to an SMSC twice arrives twice."""

    name = "smpp"

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    async def submit(self, batch: Sequence[Submission]) -> list[Outcome]:
        """Sends what was not sent before; what was is told as it stands."""
        ctx = self._engines.context(now())
        lines = network(self._engines).lines
        by_line: dict[str, list[list[Draft]]] = defaultdict(list)
        wrong: set[UUID] = set()
        for one in batch:
            try:
                drafts = self._drafts(one, lines, ctx.now)
            except Exception:
                log.exception("The message %s cannot be written for SMPP", one.message_id)
                wrong.add(one.message_id)
                continue
            if drafts:
                by_line[drafts[0].part.line].append(drafts)
        deadline = asyncio.get_running_loop().time() + SEND_SECONDS
        await asyncio.gather(
            *(
                _send(ctx, lines[name], handful, deadline)
                for name, messages in by_line.items()
                for handful in _handfuls(messages, lines[name].handful)
            )
        )
        refused = [Outcome(message_id, "refused", error_code=rules.UNKNOWN) for message_id in wrong]
        return refused + await self._outcomes(ctx, [one for one in batch if one.message_id not in wrong])

    async def settle(self, doubtful: Sequence[Submission]) -> list[Outcome]:
        """Receipts that came meanwhile, then the policy, decide about what may have been sent."""
        ctx = self._engines.context(now())
        lines = network(self._engines).lines
        expiry = {one.message_id: one.expires_at for one in doubtful}
        for part in await queries.parts(ctx.db.main, _keys(doubtful)):
            if part.state == "intended" and not await _found_receipt(ctx, part):
                await _give_up(ctx, part, lines.get(part.line), expiry[part.message_id])
        known = {part.message_id: part.state for part in await queries.parts(ctx.db.main, _keys(doubtful))}
        # What has no row was never sent, for the row comes first.
        unsent = {one.message_id for one in doubtful if known.get(one.message_id, "held") == "held"}
        outcomes = await self._outcomes(ctx, [one for one in doubtful if one.message_id not in unsent])
        if unsent:
            outcomes += await self.submit([one for one in doubtful if one.message_id in unsent])
        return outcomes

    def _drafts(self, one: Submission, lines: Mapping[str, Line], time: datetime) -> list[Draft]:
        reach = rules.lines_for(one.recipient, {name: line.settings for name, line in lines.items()})
        able = [name for name in reach if lines[name].can_send]
        if not able:
            return []
        # A message stays on one line, however often it is tried while that line is up.
        name = able[one.message_id.bytes[-1] % len(able)]
        return [
            Draft(
                SubmissionPart(
                    one.account_id,
                    one.message_id,
                    number,
                    name,
                    message.source.digits,
                    message.destination.digits,
                    "intended",
                    None,
                    "",
                    time,
                ),
                message.encoded(),
            )
            for number, message in enumerate(short_messages(one, lines[name].settings), 1)
        ]

    async def _outcomes(self, ctx: Context, batch: Sequence[Submission]) -> list[Outcome]:
        by_message: dict[UUID, list[SubmissionPart]] = defaultdict(list)
        for part in await queries.parts(ctx.db.main, _keys(batch)):
            by_message[part.message_id].append(part)
        pause = max((line.pace.pause_left for line in network(self._engines).lines.values()), default=0.0)
        return [outcome_of(one.message_id, by_message[one.message_id], max(pause, ASK_AGAIN)) for one in batch]


def short_messages(one: Submission, line: LineSettings) -> list[ShortMessage]:
    """What goes over the line. Pictures cannot, so their addresses stand behind the text."""
    body = "\n".join((one.body, *one.media_urls)) if one.media_urls else one.body
    encoding = segments_of(body).encoding if one.media_urls else one.encoding
    reference = int.from_bytes(one.message_id.bytes[-2:], "big")
    parts = parts_of(body, encoding, reference=reference, joining=line.joining, default=line.alphabet)
    return [
        ShortMessage(
            source=rules.address_of(one.sender, ton=line.source_ton, npi=line.source_npi),
            destination=rules.address_of(one.recipient),
            text=part.text,
            data_coding=part.data_coding,
            esm_class=part.esm_class,
            service_type=line.service_type,
            validity=rules.validity(one.expires_at),
            registered_delivery=WANTS_RECEIPT,
            options=part.options | (_mark(one.message_id, number) if line.references else {}),
        )
        for number, part in enumerate(parts, 1)
    ]


def _mark(message_id: UUID, number: int) -> dict[int, bytes]:
    return {Tag.USER_MESSAGE_REFERENCE: rules.reference_of(message_id, number).to_bytes(2, "big")}


def outcome_of(message_id: UUID, parts: Sequence[SubmissionPart], pause: float) -> Outcome:
    """A message is refused once a part of it is, and accepted once all are; without rows it was not sent."""
    states = {part.state for part in parts}
    if "refused" in states:
        status = next(part.status for part in parts if part.state == "refused")
        return Outcome(message_id, "refused", error_code=rules.error_code(status or 0))
    if "abandoned" in states:
        return Outcome(message_id, "refused", error_code=rules.UNKNOWN)
    if "intended" in states:
        return Outcome(message_id, "doubtful")
    if not parts or "held" in states:
        return Outcome(message_id, "later", retry_after=pause)
    return Outcome(message_id, "accepted", carrier_ref=parts[0].smsc_id)


def _handfuls(messages: Sequence[list[Draft]], size: int) -> Iterator[list[Draft]]:
    """The parts of a message stay together: either all of them are written down, or none."""
    handful: list[Draft] = []
    for drafts in messages:
        if handful and len(handful) + len(drafts) > size:
            yield handful
            handful = []
        handful = [*handful, *drafts]
    if handful:
        yield handful


async def _send(ctx: Context, line: Line, drafts: Sequence[Draft], deadline: float) -> None:
    """A handful: it is written down right before it is sent, so that a crash leaves doubt about few."""
    async with line.handfuls:
        if not line.can_send or asyncio.get_running_loop().time() > deadline:
            return
        async with ctx.db.main.transaction() as tx:
            going = {one.key for one in await intend(tx, [draft.part for draft in drafts], now())}
        sending = [draft for draft in drafts if draft.part.key in going]
        sent = await asyncio.gather(*(_submit(line, draft, deadline) for draft in sending))
        unsent = [draft.part.key for draft, was_sent in zip(sending, sent, strict=True) if not was_sent]
        if unsent:
            await take_back(ctx, unsent, to="held")


async def _submit(line: Line, draft: Draft, deadline: float) -> bool:
    """Whether it may have been sent."""
    try:
        return await line.submit(draft.part.key, draft.body, deadline)
    except (ConnectionGone, TimeoutError, Malformed) as error:
        log.info("Whether a message was taken over %s is not known: %s", line.name, error or "no answer came")
        return True


async def _found_receipt(ctx: Context, part: SubmissionPart) -> bool:
    """Whether a receipt for an unknown id must be this part's: by its mark, or because nothing else is possible."""
    strays = await queries.strays_about(ctx.db.main, part)
    mark = rules.reference_of(part.message_id, part.part)
    marked = [one for one in strays if one.reference == mark]
    unmarked = [one for one in strays if one.reference is None]
    if len(marked) == 1:
        await match_stray(ctx, part, marked[0])
        return True
    if len(unmarked) == 1 and await queries.doubtful_beside(ctx.db.main, part) == 1:
        await match_stray(ctx, part, unmarked[0])
        return True
    return False


async def _give_up(ctx: Context, part: SubmissionPart, line: Line | None, expires_at: datetime) -> None:
    """Once a receipt would have come, the policy holds. While the line is down no receipt can come."""
    if line is None:
        await take_back(ctx, [part.key], to="abandoned")
        return
    since = max(part.intended_at, line.up_since) if line.up_since else None
    if ctx.now >= expires_at:
        await take_back(ctx, [part.key], to="abandoned")
    elif since is not None and ctx.now - since >= timedelta(seconds=line.settings.doubt_seconds):
        policy = line.settings.doubt or ctx.settings.comms.doubtful
        await take_back(ctx, [part.key], to="held" if policy == "resend" else "abandoned")


def _keys(batch: Sequence[Submission]) -> list[tuple[UUID, UUID]]:
    return [(one.account_id, one.message_id) for one in batch]
