"""Who may send to whom: the sender must be the account's, and the recipient a number that wants to hear from it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from octavo.kernel.db import Queryable, Transaction
from octavo.products.comms.account.rows import Account
from octavo.products.comms.application.queries import application
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.message.rows import NewMessage
from octavo.products.comms.message.rules import is_mms
from octavo.products.comms.number.rules import parse_e164
from octavo.products.comms.service.actions import choose_sender
from octavo.products.comms.service.queries import senders, service
from octavo.products.comms.service.rows import Pool, Service
from octavo.products.comms.service.rules import is_alpha, shows_names

# One question for both: it is asked for each group of messages that is accepted.
_NUMBERS_AND_STOPS = """
    SELECT number, service_id, NULL AS stopped FROM comms.number WHERE account_id = $1 AND number = ANY($2) AND sms
    UNION ALL
    SELECT recipient, NULL, sender FROM comms.opt_out WHERE account_id = $1 AND recipient = ANY($3)
"""


class _NumberOrStop(Struct, frozen=True):
    """A number of the account's, or a recipient who stopped one of its senders."""

    number: str
    service_id: UUID | None
    stopped: str | None


class Known(Struct, frozen=True):
    """What has to be known of an account to decide about some of its messages."""

    numbers: Mapping[str, UUID | None]  # the account's among the senders that were named, each with its service
    services: Mapping[UUID, Service]
    pools: Mapping[UUID, Pool]  # of those services
    stopped: frozenset[tuple[str, str]]  # recipient, and the number or service (as hex) that it stopped


def check_recipient(to: str) -> str:
    """The recipient as E.164. Raises CommsRefusal 21604 or 21211."""
    if not to.strip():
        raise CommsRefusal(21604, "A 'To' phone number is required.")
    number = parse_e164(to)
    if number is None:
        raise CommsRefusal(21211, f"Invalid 'To' Phone Number: {to[:40]}")
    return number


async def look_up(db: Queryable, account: Account, wanted: Sequence[tuple[NewMessage, str]]) -> Known:
    """`wanted` are messages, each with its recipient."""
    named = {number for new, _ in wanted if new.service_id is None and (number := parse_e164(new.from_))}
    services = {
        id: found for id in {new.service_id for new, _ in wanted} if id and (found := await _service(db, account, id))
    }
    recipients = [recipient for _, recipient in wanted]
    rows = await db.fetch(_NumberOrStop, _NUMBERS_AND_STOPS, account.id, list(named), recipients)
    return Known(
        {one.number: one.service_id for one in rows if one.stopped is None},
        services,
        {id: await senders(db, account.id, id) for id in services},
        frozenset((one.number, one.stopped) for one in rows if one.stopped is not None),
    )


async def checked_sender(tx: Transaction, account: Account, new: NewMessage, recipient: str, known: Known) -> str:
    """The number or name that the message goes out from. Raises CommsRefusal."""
    if new.service_id is None:
        sender, service_id = _own(new, recipient, known.numbers)
    elif new.service_id in known.services:
        sender = await choose_sender(
            tx,
            account,
            known.services[new.service_id],
            recipient,
            pool=known.pools[new.service_id],
            from_=new.from_,
            mms=is_mms(new, recipient),
        )
        service_id = new.service_id
    else:
        raise CommsRefusal(21701, "The Messaging Service does not exist.")
    if sender == recipient:
        raise CommsRefusal(21266, "'To' and 'From' number cannot be the same")
    if (recipient, sender) in known.stopped or (service_id and (recipient, service_id.hex) in known.stopped):
        raise CommsRefusal(21610, "Attempt to send to unsubscribed recipient")
    return sender


async def status_callback_of(db: Queryable, account: Account, new: NewMessage, service: Service | None) -> str:
    """Where states are told: as the message says, else its application, else its service. Raises CommsRefusal 20404."""
    if new.status_callback:
        return new.status_callback
    if new.application_id is not None:
        found = await application(db, account.id, new.application_id)
        if found.message_status_callback:
            return found.message_status_callback
    return service.status_callback if service else ""


async def _service(db: Queryable, account: Account, id: UUID) -> Service | None:
    try:
        return await service(db, account.id, id)
    except CommsRefusal:
        return None


def _own(new: NewMessage, recipient: str, numbers: Mapping[str, UUID | None]) -> tuple[str, UUID | None]:
    """The account's number that the message names, with its service; or a name, where networks show names."""
    from_ = new.from_
    if not from_.strip():
        raise CommsRefusal(21603, "A 'From' phone number is required.")
    if is_alpha(from_):
        return _named(new, recipient), None
    number = parse_e164(from_)
    if number is None:
        raise CommsRefusal(
            21212, f"The 'From' number {from_[:40]} is not a valid phone number, shortcode, or alphanumeric sender ID."
        )
    if number not in numbers:
        raise CommsRefusal(
            21606,
            f"The 'From' phone number provided ({number}) is not a valid message-capable phone number of your account.",
        )
    return number, numbers[number]


def _named(new: NewMessage, recipient: str) -> str:
    """Nobody can answer a name, and no pictures go under it."""
    if not shows_names(recipient) or new.media_urls:
        raise CommsRefusal(
            21612, f"Messages to {recipient} cannot be sent from {new.from_}: use a phone number as the sender."
        )
    return new.from_
