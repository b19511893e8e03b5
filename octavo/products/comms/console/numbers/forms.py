"""What the forms about numbers carry, and what is wrong with it."""

from collections.abc import Mapping
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct, structs

from octavo.kernel.refusals import Invalid
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.number import inventory
from octavo.products.comms.number.rows import Kind, Method, NumberChanges, PhoneNumber, Search
from octavo.products.comms.number.rules import LONGEST_NAME, check_urls

NO_URL = "Write a whole web address, beginning with https:// or http://."


class SearchForm(Struct, frozen=True):
    """Ticked boxes want a capability; blank fields want nothing."""

    account: str = ""
    country: str = "US"
    kind: Kind = "local"
    area_code: str = ""
    contains: str = ""
    locality: str = ""
    sms: bool = False
    mms: bool = False
    voice: bool = False

    def errors(self) -> dict[str, str]:
        wrong = {}
        if self.area_code and not self.area_code.isdecimal():
            wrong["area_code"] = "An area code has digits only."
        if self.contains and not inventory.is_pattern(self.contains):
            wrong["contains"] = "Two to sixteen digits or letters, with * for any digit before or after them."
        return wrong

    def search(self) -> Search:
        return Search(
            country=self.country,
            kind=self.kind,
            area_code=self.area_code,
            contains=self.contains,
            locality=self.locality.strip(),
            sms=self.sms or None,
            mms=self.mms or None,
            voice=self.voice or None,
        )


class BuyForm(Struct, frozen=True):
    account: str
    number: str


class ConfigureForm(Struct, frozen=True):
    """`mine` gives the number to the person who configures it."""

    account: str
    friendly_name: Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]
    sms_url: str = ""
    sms_method: Method = "POST"
    sms_fallback_url: str = ""
    voice_url: str = ""
    voice_method: Method = "POST"
    voice_fallback_url: str = ""
    status_callback: str = ""
    mine: bool = False

    def changes(self, number: PhoneNumber, me: UUID) -> NumberChanges:
        """Raises Invalid, naming each address that is none. Whoever else has the number keeps it."""
        fields = structs.asdict(self)
        wrong = {name: NO_URL for name in fields if not _is_url(name, fields[name])}
        if wrong:
            raise Invalid(fields=wrong)
        del fields["account"], fields["mine"]
        holder = me if self.mine else None if number.user_id == me else number.user_id
        return NumberChanges(**fields, user_id=holder)


class AccountForm(Struct, frozen=True):
    account: str


class MoveForm(Struct, frozen=True):
    account: str
    to: str


class NumbersQuery(Struct, frozen=True):
    """`released` is the number that has just gone, for the toast; `after` and `before` are ids for paging."""

    account: str = ""
    after: UUID | None = None
    before: UUID | None = None
    released: str = ""


class NumberQuery(Struct, frozen=True):
    account: str = ""
    done: Literal["", "bought", "saved", "moved"] = ""


def values_of(number: PhoneNumber, me: UUID | None) -> Mapping[str, object]:
    """A number as its form shows it."""
    return structs.asdict(number) | {"mine": me is not None and number.user_id == me}


def _is_url(name: str, value: object) -> bool:
    try:
        check_urls({name: value})
    except CommsRefusal:
        return False
    return True
