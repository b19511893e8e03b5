"""A page of a list in the vendor's two envelopes."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from msgspec import Struct

from octavo.products.comms.paging import Slice
from octavo.products.comms.wire.twilio.core._call import BACKWARD, FORWARD, Call
from octavo.products.comms.wire.twilio.core._params import Fields

_OF_PAGES = ("Page", "PageSize", "PageToken")


class Listing(Struct, frozen=True):
    """Rows of a page, and how each is shown."""

    slice: Slice[Any]
    show: Callable[[Any], Fields]


def envelope_2010(call: Call, key: str, listing: Listing) -> Fields:
    """Version 2010-04-01: the list beside relative addresses of its neighbours."""
    page, shown = call.page, [listing.show(row) for row in listing.slice.items]
    start = page.number * page.size
    return {
        key: shown,
        "page": page.number,
        "page_size": page.size,
        "start": start,
        "end": start + max(0, len(shown) - 1),
        "uri": _here(call),
        "first_page_uri": _address(call, 0, "", None),
        "next_page_uri": _next(call, listing),
        "previous_page_uri": _previous(call, listing),
    }


def envelope_v1(call: Call, key: str, listing: Listing) -> Fields:
    """Later versions: the list, and absolute addresses in `meta`."""

    def absolute(path: str | None) -> str | None:
        return None if path is None else call.base + path

    return {
        key: [listing.show(row) for row in listing.slice.items],
        "meta": {
            "page": call.page.number,
            "page_size": call.page.size,
            "first_page_url": absolute(_address(call, 0, "", None)),
            "previous_page_url": absolute(_previous(call, listing)),
            "url": absolute(_here(call)),
            "next_page_url": absolute(_next(call, listing)),
            "key": key,
        },
    }


def _here(call: Call) -> str:
    page = call.page
    return _address(call, page.number, BACKWARD if page.backward else FORWARD, page.after)


def _next(call: Call, listing: Listing) -> str | None:
    after = listing.slice.next
    return None if after is None else _address(call, call.page.number + 1, FORWARD, after)


def _previous(call: Call, listing: Listing) -> str | None:
    before = listing.slice.previous
    return None if before is None else _address(call, max(0, call.page.number - 1), BACKWARD, before)


def _address(call: Call, number: int, direction: str, after: UUID | None) -> str:
    asked = [(name, value) for name, value in call.query if name not in _OF_PAGES]
    asked += [("PageSize", str(call.page.size)), ("Page", str(number))]
    if after is not None:
        asked.append(("PageToken", direction + after.hex))
    return f"{call.uri}?{urlencode(asked)}"
