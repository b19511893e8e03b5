"""A person with a handset writes to a number of an account."""

from typing import Any, Protocol

from octavo.cli.engines import run_as_system
from octavo.kernel.context import Context
from octavo.products.comms.carrier.simulated.actions import say
from octavo.products.comms.sids import read_sid
from tests.harness.running import RunningOctavo


class Says(Protocol):
    def __call__(self, body: str, *, sender: str, recipient: str = "", account_sid: str = "") -> None: ...


def person_of(octavo: RunningOctavo, usual_account_sid: str, usual_recipient: str) -> Says:
    """`says("Hello", sender="+1…")`, to the usual number of the usual account or to another."""

    def says(body: str, *, sender: str, recipient: str = "", account_sid: str = "") -> None:
        async def work(ctx: Context) -> Any:
            account = read_sid(account_sid or usual_account_sid, "AC")
            return await say(ctx, account, sender=sender, recipient=recipient or usual_recipient, body=body)

        run_as_system(octavo.data_dir, work)

    return says
