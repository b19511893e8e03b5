"""How pages write dates, sizes, lengths and numbers, by locale."""

from datetime import datetime
from decimal import Decimal
from functools import cache

from babel import Locale, UnknownLocaleError, dates, numbers

BYTE_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def format_bytes(size: float, locale: str) -> str:
    """`12.4 MB`, in powers of 1000 as disks and networks count them."""
    power = 0
    while size >= 999.5 and power < len(BYTE_UNITS) - 1:
        size, power = size / 1000, power + 1
    digits = "#,##0" if power == 0 or size >= 99.95 else "#,##0.#"
    return f"{numbers.format_decimal(size, digits, locale=_known(locale))}\u00a0{BYTE_UNITS[power]}"


def format_duration(seconds: float) -> str:
    """`9:56`, or `1:02:03` from an hour on."""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def format_money(amount: Decimal, currency: str, locale: str) -> str:
    """`amount` is in major units, with as many decimal places as it has: a segment of a text costs less than a cent."""
    return numbers.format_currency(amount, currency, locale=_known(locale), decimal_quantization=False)


def format_number(number: float, locale: str) -> str:
    return numbers.format_decimal(number, locale=_known(locale))


def format_percent(part: float, locale: str) -> str:
    """`part` is 0 to 1."""
    return numbers.format_percent(part, "#,##0%", locale=_known(locale))


def format_date(moment: datetime, locale: str) -> str:
    return dates.format_date(moment, "medium", locale=_known(locale))


def format_datetime(moment: datetime, locale: str) -> str:
    """To the minute: nobody waits for a second."""
    known = _known(locale)
    day, time = dates.format_date(moment, "medium", locale=known), dates.format_time(moment, "short", locale=known)
    return str(dates.get_datetime_format("medium", locale=known)).replace("'", "").format(time, day)


def format_since(moment: datetime, now: datetime, locale: str) -> str:
    """`3 days ago`."""
    return dates.format_timedelta(moment - now, add_direction=True, locale=_known(locale))


@cache
def _known(locale: str) -> Locale:
    """The locale, or English where Babel has no data for it: a page is never lost for want of a month's name."""
    try:
        return Locale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
