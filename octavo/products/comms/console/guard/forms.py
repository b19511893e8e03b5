"""What the forms about the guard carry, and what is wrong with it."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from octavo.kernel.refusals import Invalid
from octavo.products.comms.guard.reading import MILLIONTHS, read_count, read_countries, read_money, read_time
from octavo.products.comms.guard.rows import Policy


class GuardQuery(Struct, frozen=True):
    """`lifted` is what may be sent to again since a moment ago, for the toast."""

    account: str = ""
    saved: bool = False
    lifted: str = ""


class LiftForm(Struct, frozen=True):
    account: str
    beginning: str


class PolicyForm(Struct, frozen=True):
    """A blank field sets no limit."""

    account: str
    scope: Literal["all", "only"] = "all"
    allowed: str = ""
    refused: str = ""
    messages: str = ""
    segments: str = ""
    spend: str = ""
    quiet_from: str = ""
    quiet_to: str = ""
    protects: bool = False

    def policy(self, account_id: UUID) -> Policy:
        """Raises Invalid, naming each field that cannot be read."""
        wrong: dict[str, str] = {}

        def read(name: str, how: Callable[[str], Any]) -> Any:
            text = str(getattr(self, name)).strip()
            try:
                return how(text) if text else None
            except Invalid as refusal:
                wrong[name] = refusal.detail
                return None

        allowed = read("allowed", read_countries)
        policy = Policy(
            account_id=account_id,
            countries_allowed=allowed if self.scope == "only" else None,
            countries_refused=read("refused", read_countries) or [],
            messages_per_day=read("messages", read_count),
            segments_per_day=read("segments", read_count),
            spend_per_day=read("spend", read_money),
            quiet_from=read("quiet_from", read_time),
            quiet_to=read("quiet_to", read_time),
            protects=self.protects,
        )
        if self.scope == "only" and not allowed:
            wrong.setdefault("allowed", "Name the countries, or choose every country.")
        if bool(self.quiet_from.strip()) != bool(self.quiet_to.strip()):
            wrong.setdefault("quiet_to" if self.quiet_from.strip() else "quiet_from", "Give both times, or neither.")
        if wrong:
            raise Invalid(fields=wrong)
        return policy


def values_of(policy: Policy) -> Mapping[str, object]:
    """A policy as its form shows it."""
    return {
        "scope": "all" if policy.countries_allowed is None else "only",
        "allowed": ", ".join(policy.countries_allowed or ()),
        "refused": ", ".join(policy.countries_refused),
        "messages": _shown(policy.messages_per_day),
        "segments": _shown(policy.segments_per_day),
        "spend": _shown(policy.spend_per_day and f"{(Decimal(policy.spend_per_day) / MILLIONTHS).normalize():f}"),
        "quiet_from": "" if policy.quiet_from is None else f"{policy.quiet_from:%H:%M}",
        "quiet_to": "" if policy.quiet_to is None else f"{policy.quiet_to:%H:%M}",
        "protects": policy.protects,
    }


def _shown(value: object) -> str:
    return "" if value is None else str(value)
