"""Forgetting what a message asked not to be kept, once a carrier has it or never will (the vendor's redaction)."""

from collections.abc import Sequence
from datetime import timedelta

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.jobs import enqueue
from octavo.products.comms.media.jobs import ForgetFiles, forget_files
from octavo.products.comms.message.rows import Changed
from octavo.products.comms.message.rules import obfuscated
from octavo.products.comms.message_search.actions import forget_message
from octavo.products.comms.monitor.actions import forget_words

FILES_KEPT = timedelta(hours=1)  # carriers fetch the files of a message after they took it

_FORGET = """
    UPDATE comms.message AS m SET
        body = CASE WHEN m.discards_body THEN '' ELSE m.body END,
        sealed_body = CASE WHEN m.discards_body THEN NULL ELSE m.sealed_body END,
        body_key = CASE WHEN m.discards_body THEN NULL ELSE m.body_key END,
        recipient = CASE WHEN m.hides_recipient THEN t.hidden ELSE m.recipient END
    FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS t (account_id, id, hidden)
    WHERE m.account_id = t.account_id AND m.id = t.id
"""


async def forget_as_asked(ctx: Context, tx: Transaction, changed: Sequence[Changed]) -> None:
    """Texts and recipients of those of these messages that asked for it; files follow.

    What a virtual handset heard stays with it, as with a telephone.
    """
    asked = {one.id: one for one in changed if one.discards_body or one.hides_recipient}
    if not asked:
        return
    some = list(asked.values())
    await tx.execute(
        _FORGET, [one.account_id for one in some], [one.id for one in some], [obfuscated(one.recipient) for one in some]
    )
    for one in some:
        if one.discards_body:
            await forget_message(tx, one.account_id, one.id)
            await forget_words(tx, one.account_id, one.sid)
            if one.num_media:
                files = ForgetFiles(one.account_id, one.id)
                await enqueue(tx, forget_files, files, due=ctx.now + FILES_KEPT, key=str(one.id))
