"""What messages need from time to time."""

from datetime import timedelta
from uuid import UUID

import msgspec

from octavo.kernel.jobs import Run, Schedule, job
from octavo.products.comms.message.resealing import accounts_with_old_keys, reseal_bodies


class Nothing(msgspec.Struct, frozen=True):
    """No arguments: what is due stands in the rows."""


@job("comms.reseal_bodies", queue="default", timeout=3600)
async def reseal_all_bodies(run: Run, args: Nothing) -> None:
    """Seals encrypted texts under the newest key of their account, where it was changed, and drops the old keys."""
    for account_id in await accounts_with_old_keys(run.ctx.db.main):
        await reseal_bodies(run.ctx, account_id)


class SealTexts(msgspec.Struct, frozen=True):
    """Whose texts: an account that wants them encrypted from now on."""

    account_id: UUID


@job("comms.seal_texts", queue="default", timeout=3600)
async def seal_texts(run: Run, args: SealTexts) -> None:
    """Seals the texts that an account had before it wanted them encrypted, and takes their words out of the index."""
    await reseal_bodies(run.ctx, args.account_id)


RESEAL_SCHEDULE = Schedule("comms.reseal_bodies", every=timedelta(hours=24), job=reseal_all_bodies, args=Nothing())
