"""Where a walk takes place, and what it looks at again and again."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from tests.harness.running import RunningOctavo
from tests.wire.twilio.receiving import Receiver

Refused = tuple[int, int | None]


@dataclass(frozen=True)
class Ground:
    """`client` is of a sub-account that the walk has for itself, empty at first; `parent` of the account above it."""

    client: Client
    parent: Client
    client_of: Callable[..., Client]
    receiver: Receiver
    octavo: RunningOctavo
    dialect: str  # where bytes are fetched that no SDK fetches


Walk = Callable[[Ground], None]


def sids(found: Sequence[Any]) -> list[str]:
    return [str(one.sid) for one in found]


def is_listed(resource: Any, expected: Sequence[str], *, by: str = "sid", **filters: object) -> None:
    """The list is `expected` in each of the SDK's ways: whole, over pages of one and of two, up to a limit, as a
    stream, page by page and back, and from the address of a page.
    """
    assert len(expected) >= 2, "one row shows no paging"

    def names(found: Any) -> list[str]:
        return [str(getattr(one, by)) for one in found]

    wanted = list(expected)
    assert names(resource.list(**filters)) == wanted
    assert names(resource.list(page_size=1, **filters)) == wanted
    assert names(resource.list(page_size=2, **filters)) == wanted
    assert names(resource.list(limit=2, page_size=1, **filters)) == wanted[:2]
    assert names(resource.stream(page_size=2, **filters)) == wanted
    first = resource.page(page_size=1, **filters)
    second = first.next_page()
    assert names(second) == wanted[1:2]
    assert names(second.previous_page()) == wanted[:1]
    assert names(resource.get_page(first.next_page_url)) == wanted[1:2]
    assert first.previous_page_url is None


def refusal(work: Callable[[], object]) -> Refused:
    """Status and code of the SDK's own exception. That of a list has them in its words alone."""
    with pytest.raises(TwilioException) as told:
        work()
    if isinstance(told.value, TwilioRestException):
        return told.value.status, told.value.code
    status, body = re.findall(r"HTTP (\d+) (\{.*\})", str(told.value))[0]
    return int(status), json.loads(body)["code"]


def is_gone(work: Callable[[], object]) -> None:
    assert refusal(work) == (404, 20404)
