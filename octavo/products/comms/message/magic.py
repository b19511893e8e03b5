"""Numbers that mean something to test credentials, which send nothing (the vendor's "test credentials" page)."""

from octavo.kernel.context import Context
from octavo.products.comms.account.rows import Account
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.message import rules
from octavo.products.comms.message.acceptance import asked_now, made
from octavo.products.comms.message.rows import Message, NewMessage
from octavo.products.comms.message.sender import check_recipient

RECIPIENTS = {
    "+15005550001": (21211, "Invalid 'To' Phone Number: +15005550001"),
    "+15005550002": (21612, "The 'To' phone number +15005550002 is not reachable from this number."),
    "+15005550003": (21408, "Permission to send an SMS has not been enabled for the region indicated by the number."),
    "+15005550004": (21610, "Attempt to send to unsubscribed recipient"),
    "+15005550009": (21614, "'To' number +15005550009 is not a mobile number"),
}
SENDERS = {
    "+15005550001": (21212, "The 'From' number +15005550001 is not a valid phone number."),
    "+15005550007": (21606, "The 'From' phone number +15005550007 is not a valid, SMS-capable number of yours."),
    "+15005550008": (21611, "The 'From' number +15005550008 has exceeded the maximum number of queued messages."),
}
GOOD_SENDER = "+15005550006"


def sent(ctx: Context, account: Account, new: NewMessage) -> Message:
    """What sending would have given; nothing is stored. Raises CommsRefusal."""
    recipient = check_recipient(new.to)
    rules.check_content(new.body, new.media_urls)
    rules.check_timing(new, ctx.now)
    if new.service_id is None and not new.from_:
        raise CommsRefusal(21603, "A 'From' phone number is required.")
    for number, table in ((new.from_, SENDERS), (recipient, RECIPIENTS)):
        if number in table:
            raise CommsRefusal(*table[number])
    if new.from_ != GOOD_SENDER and new.service_id is None:
        raise CommsRefusal(21606, f"The 'From' phone number {new.from_[:40]} is not one of the test numbers.")
    return made(ctx, account, asked_now(new), new.from_, recipient)
