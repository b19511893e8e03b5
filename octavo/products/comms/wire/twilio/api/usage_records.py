"""Usage records: what an account used and what it cost, over all time or by day, month and year."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from octavo.products.comms.paging import page_of
from octavo.products.comms.pricing.queries import price_list
from octavo.products.comms.usage import queries
from octavo.products.comms.usage.categories import CATEGORIES
from octavo.products.comms.usage.rows import Record, Span
from octavo.products.comms.usage.rules import MILLIONTHS, checked_category, read_day
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params

api = Api("api", "/2010-04-01/Accounts/{account_sid}/Usage/Records", style="2010")
SPANS: dict[str, Span] = {"": "whole", "AllTime": "whole", "Daily": "day", "Monthly": "month", "Yearly": "year"}
RELATIVES = {
    "all_time": "AllTime",
    "daily": "Daily",
    "last_month": "LastMonth",
    "monthly": "Monthly",
    "this_month": "ThisMonth",
    "today": "Today",
    "yearly": "Yearly",
    "yesterday": "Yesterday",
}


class UsageFilter(Params):
    category: str = ""
    start_date: str = ""
    end_date: str = ""
    include_subaccounts: bool = True


def record_resource(call: Call, path: str, one: Record) -> Fields:
    category, root = CATEGORIES[one.category], f"/2010-04-01/Accounts/{call.account_sid}/Usage/Records"
    where = urlencode({"Category": one.category, "StartDate": one.start, "EndDate": one.end})
    of_category = urlencode({"Category": one.category})
    return {
        "account_sid": call.account_sid,
        "api_version": "2010-04-01",
        "as_of": call.ctx.now.isoformat(timespec="seconds"),
        "category": one.category,
        "count": str(one.count) if category.count_unit else None,
        "count_unit": category.count_unit,
        "description": category.description,
        "end_date": one.end.isoformat(),
        "price": one.price / MILLIONTHS,
        "price_unit": price_list(call.ctx.settings).currency.lower(),
        "start_date": one.start.isoformat(),
        "subresource_uris": {key: f"{root}/{name}.json?{of_category}" for key, name in RELATIVES.items()},
        "uri": f"{root}{path}.json?{where}",
        "usage": str(one.usage) if category.usage_unit else f"{one.price / MILLIONTHS:f}",
        "usage_unit": category.usage_unit or "usd",
    }


async def _listed(call: Call, params: UsageFilter, path: str, span: Span, start: date, end: date) -> Listing:
    category = checked_category(params.category) if params.category else None
    family = await queries.sub_accounts(call.db, call.account.id) if params.include_subaccounts else []
    accounts = family or [call.account.id]
    found = await queries.usage_records(call.db, accounts, start, end, span, category)
    return Listing(page_of(found, call.page), lambda one: record_resource(call, path, one))


def _opened(call: Call) -> date:
    return call.account.created_at.date()


def _declare(name: str) -> None:
    """A list over the dates that the caller gives."""
    path = f"/{name}" if name else ""

    async def list_records(call: Call, params: UsageFilter) -> Listing:
        today = call.ctx.now.date()
        start = read_day(params.start_date, today, _opened(call))
        return await _listed(call, params, path, SPANS[name], start, read_day(params.end_date, today, today))

    list_records.__doc__ = f"Usage {name or 'over all time'}."
    list_records.__name__ = list_records.__qualname__ = f"list_usage_{name.lower() or 'records'}"
    api.list(path, key="usage_records")(list_records)


def _declare_fixed(name: str, dates: Callable[[date], tuple[date, date]]) -> None:
    """A list over dates that its name gives."""

    async def list_records(call: Call, params: UsageFilter) -> Listing:
        start, end = dates(call.ctx.now.date())
        return await _listed(call, params, f"/{name}", "whole", start, end)

    list_records.__doc__ = f"Usage {name}."
    list_records.__name__ = list_records.__qualname__ = f"list_usage_{name.lower()}"
    api.list(f"/{name}", key="usage_records")(list_records)


def _last_month(today: date) -> tuple[date, date]:
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


FIXED: dict[str, Any] = {
    "Today": lambda today: (today, today),
    "Yesterday": lambda today: (today - timedelta(days=1), today - timedelta(days=1)),
    "ThisMonth": lambda today: (today.replace(day=1), today),
    "LastMonth": _last_month,
}
for listed in SPANS:
    _declare(listed)
for listed, when in FIXED.items():
    _declare_fixed(listed, when)
