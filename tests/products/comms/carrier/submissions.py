"""Messages for the tests of carriers, as the dispatch gives them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from octavo.kernel.clock import now
from octavo.kernel.ids import new_id
from octavo.products.comms.carrier.protocol import Submission

SENDER, RECIPIENT = "+14155550100", "+14155550111"


def a_submission(account_id: UUID, **others: Any) -> Submission:
    usual = Submission(
        account_id=account_id,
        message_id=new_id(),
        sender=SENDER,
        recipient=RECIPIENT,
        body="Hello",
        media_urls=[],
        encoding="GSM-7",
        segments=1,
        expires_at=now() + timedelta(hours=4),
        attempt=1,
    )
    return replace(usual, **others)
