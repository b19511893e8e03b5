"""Who may send to whom: the sender must be the account's, and the recipient a number that wants to hear from it."""

from msgspec import structs

from octavo.kernel.db import Queryable, Transaction
from octavo.products.comms.account.rows import Account
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.message.rows import NewMessage
from octavo.products.comms.number.queries import owned_number
from octavo.products.comms.number.rules import parse_e164
from octavo.products.comms.optout.queries import is_opted_out
from octavo.products.comms.service.actions import choose_sender
from octavo.products.comms.service.queries import service
from octavo.products.comms.service.rows import Service


def check_recipient(to: str) -> str:
    """The recipient as E.164. Raises CommsRefusal 21604 or 21211."""
    if not to.strip():
        raise CommsRefusal(21604, "A 'To' phone number is required.")
    number = parse_e164(to)
    if number is None:
        raise CommsRefusal(21211, f"Invalid 'To' Phone Number: {to[:40]}")
    return number


async def with_service(db: Queryable, account: Account, new: NewMessage) -> tuple[NewMessage, Service | None]:
    """The message with what its Messaging Service says for all of its messages. Raises CommsRefusal 21701."""
    if new.service_id is None:
        return new, None
    try:
        found = await service(db, account.id, new.service_id)
    except CommsRefusal:
        raise CommsRefusal(21701, "The Messaging Service does not exist.") from None
    return structs.replace(
        new,
        status_callback=new.status_callback or found.status_callback,
        validity_seconds=new.validity_seconds or found.validity_seconds,
        smart_encoded=new.smart_encoded or found.smart_encoding,
    ), found


async def checked_sender(
    tx: Transaction, account: Account, new: NewMessage, service: Service | None, recipient: str
) -> str:
    """The number or name that the message goes out from. Raises CommsRefusal 21603, 21606, 21610 or 21212."""
    if service is not None:
        sender = await choose_sender(tx, account, service, recipient, from_=new.from_)
    elif not new.from_:
        raise CommsRefusal(21603, "A 'From' phone number is required.")
    else:
        sender = await _own(tx, account, new.from_)
    if sender == recipient:
        raise CommsRefusal(21266, "'To' and 'From' number cannot be the same")
    if await is_opted_out(tx, account.id, sender, new.service_id, recipient):
        raise CommsRefusal(21610, "Attempt to send to unsubscribed recipient")
    return sender


async def _own(db: Queryable, account: Account, from_: str) -> str:
    number = parse_e164(from_)
    if number is None:
        raise CommsRefusal(21212, f"The 'From' number {from_[:40]} is not a valid phone number or shortcode.")
    owned = await owned_number(db, account.id, number)
    if owned is None or not owned.sms:
        raise CommsRefusal(
            21606,
            f"The 'From' phone number provided ({number}) is not a valid message-capable number of your account.",
        )
    return number
