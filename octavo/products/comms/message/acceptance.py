"""Deciding about messages and writing down those that are accepted: many of one account in one transaction."""

from collections.abc import Sequence
from typing import TypeAlias

from msgspec import Struct, structs

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction, storable
from octavo.kernel.ids import new_id
from octavo.products.comms.account.rows import Account
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.guard.actions import check_spend
from octavo.products.comms.guard.rows import Standing, Wanted
from octavo.products.comms.media.queries import used_bytes
from octavo.products.comms.media.rules import check_room
from octavo.products.comms.message import rules
from octavo.products.comms.message.rows import Direction, Message, MessageId, NewMessage, Status
from octavo.products.comms.message.segments import LONGEST_BODY, segments_of, smart_encoded
from octavo.products.comms.message.sender import Known, check_recipient, checked_sender, look_up, status_callback_of
from octavo.products.comms.message.storing import store_outbound
from octavo.products.comms.number.rules import country_of
from octavo.products.comms.pricing.queries import price_list
from octavo.products.comms.pricing.rules import price_of_message
from octavo.products.comms.service.rows import Service
from octavo.products.comms.service.rules import converts_media
from octavo.settings import Settings

MILLIONTHS = 1_000_000


class Asked(Struct, frozen=True):
    """One message that somebody wants sent, and what it is to be called."""

    new: NewMessage
    direction: Direction
    id: MessageId


class _Draft(Struct, frozen=True):
    """One that is well formed."""

    asked: Asked
    recipient: str


Verdict: TypeAlias = Message | CommsRefusal


def asked_now(new: NewMessage, direction: Direction = "outbound-api") -> Asked:
    return Asked(new, direction, MessageId(new_id()))


def writes_once(standing: Standing, asked: Sequence[Asked]) -> bool:
    """Whether one statement keeps them all: no caps are counted, no files awaited, no senders chosen of a pool, and
    nothing wished for.
    """
    return not standing.policy.has_caps and all(_is_plain(one.new) for one in asked)


def _is_plain(new: NewMessage) -> bool:
    wishes = new.as_mms or new.discards_body or new.hides_recipient
    return new.service_id is None and not new.media_urls and not wishes


async def accept(
    ctx: Context, tx: Transaction, account: Account, standing: Standing, asked: Sequence[Asked]
) -> list[Verdict]:
    """A message, or the refusal, for each in order. None is held back by what is wrong with another."""
    drafts = [_checked(one, ctx) for one in asked]
    good = [(one.asked.new, one.recipient) for one in drafts if isinstance(one, _Draft)]
    if not good:
        return [one for one in drafts if isinstance(one, CommsRefusal)]
    known = await look_up(tx, account, good)
    verdicts = [await _decided(ctx, tx, account, one, known) if isinstance(one, _Draft) else one for one in drafts]
    verdicts = await _with_room(ctx, tx, account, verdicts)
    verdicts = await _guarded(ctx, tx, account, standing, verdicts)
    accepted = [one for one in verdicts if isinstance(one, Message)]
    await store_outbound(ctx, tx, account.id, accepted, encrypt=account.encrypt_bodies)
    return verdicts


def _checked(asked: Asked, ctx: Context) -> _Draft | CommsRefusal:
    new = asked.new
    try:
        recipient = check_recipient(new.to)
        rules.check_content(new.body, new.media_urls)
        rules.check_timing(new, ctx.now)
    except CommsRefusal as refusal:
        return refusal
    return _Draft(asked, recipient)


async def _decided(ctx: Context, tx: Transaction, account: Account, draft: _Draft, known: Known) -> Verdict:
    new = draft.asked.new
    service = known.services.get(new.service_id) if new.service_id else None
    try:
        if service and service.mms_converter and new.media_urls and converts_media(draft.recipient):
            new = _as_links(new)
        sender = await checked_sender(tx, account, new, draft.recipient, known)
        callback = await status_callback_of(tx, account, new, service)
    except CommsRefusal as refusal:
        return refusal
    asked = structs.replace(draft.asked, new=new)
    return made(ctx, account, asked, sender, draft.recipient, service, status_callback=callback)


def _as_links(new: NewMessage) -> NewMessage:
    """Media for networks that carry none goes as its addresses. Raises CommsRefusal 21617 where that is too long."""
    body = "\n".join([*([new.body] if new.body else []), *new.media_urls])
    rules.check_content(body, ())
    return structs.replace(new, body=body, media_urls=())


async def _with_room(ctx: Context, tx: Transaction, account: Account, verdicts: list[Verdict]) -> list[Verdict]:
    """The same, with what has files refused where the account has used its storage. Text alone always has room."""
    if not any(isinstance(one, Message) and one.media_urls for one in verdicts):
        return verdicts
    try:
        check_room(await used_bytes(tx, account.id), ctx.settings.comms.media_quota)
    except CommsRefusal as refusal:
        return [refusal if isinstance(one, Message) and one.media_urls else one for one in verdicts]
    return verdicts


async def _guarded(
    ctx: Context, tx: Transaction, account: Account, standing: Standing, verdicts: list[Verdict]
) -> list[Verdict]:
    """The same, with what the account's guard holds back refused."""
    going = [one for one in verdicts if isinstance(one, Message)]
    refusals = await check_spend(
        ctx, tx, account, standing, [Wanted(one.recipient, one.num_segments, one.price or 0) for one in going]
    )
    held = {one.id: refusal for one, refusal in zip(going, refusals, strict=True) if refusal}
    return [held.get(one.id, one) if isinstance(one, Message) else one for one in verdicts] if held else verdicts


def made(
    ctx: Context,
    account: Account,
    asked: Asked,
    sender: str,
    recipient: str,
    service: Service | None = None,
    *,
    status_callback: str = "",
) -> Message:
    """The message that is to be stored."""
    new = asked.new
    body = storable(new.body or "", longest=LONGEST_BODY)
    if new.smart_encoded or (service and service.smart_encoding):
        body = smart_encoded(body)
    encoding, count = segments_of(body)
    is_mms = rules.is_mms(new, recipient)
    as_mms = new.as_mms and is_mms
    if as_mms:
        count = 1
    status: Status = "scheduled" if new.send_at else "accepted" if new.service_id else "queued"
    price, currency = _price(ctx.settings, recipient, count, has_media=is_mms)
    return Message(
        account_id=account.id,
        id=asked.id,
        direction=asked.direction,
        sender=sender,
        recipient=recipient,
        body=body,
        encoding=encoding,
        num_segments=count,
        status=status,
        created_at=ctx.now,
        updated_at=ctx.now,
        states=[status],
        state_times=[ctx.now],
        media_urls=list(new.media_urls),
        num_media=len(new.media_urls),
        service_id=new.service_id,
        status_callback=status_callback,
        validity_seconds=new.validity_seconds or (service.validity_seconds if service else None),
        send_at=new.send_at,
        price=price,
        currency=currency,
        as_mms=as_mms,
        discards_body=new.discards_body,
        hides_recipient=new.hides_recipient,
    )


def _price(settings: Settings, recipient: str, segments: int, *, has_media: bool) -> tuple[int, str]:
    """Millionths of the currency, and the currency."""
    price = price_of_message(price_list(settings), country_of(recipient), segments, has_media=has_media)
    return int(price.amount * MILLIONTHS), price.currency
