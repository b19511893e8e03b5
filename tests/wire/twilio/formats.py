"""What each format of the vendor's documents means for a text that is not empty."""

import re
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime

METHODS = {"GET", "POST", "PUT", "PATCH", "HEAD", "DELETE"}


def is_date_time(text: str) -> bool:
    """Exactly to the second: a fraction makes the Python SDK leave a string."""
    return is_written_as(text, "%Y-%m-%dT%H:%M:%SZ")


def is_rfc_2822(text: str) -> bool:
    try:
        return format_datetime(parsedate_to_datetime(text)) == text and text.endswith(" +0000")
    except ValueError:
        return False


def is_date(text: str) -> bool:
    return is_written_as(text, "%Y-%m-%d")


def is_written_as(text: str, form: str) -> bool:
    try:
        return datetime.strptime(text, form).strftime(form) == text
    except ValueError:
        return False


FORMATS: dict[str, Callable[[str], object]] = {
    "currency": re.compile(r"[A-Za-z]{3}").fullmatch,
    "date": is_date,
    "date-time": is_date_time,
    "date-time-rfc-2822": is_rfc_2822,
    "email": re.compile(r"[^@\s]+@[^@\s]+").fullmatch,
    "http-method": METHODS.__contains__,
    "iso-country-code": re.compile(r"[A-Z]{2}").fullmatch,
    "uri": re.compile(r"(/|[a-z][a-z0-9+.-]*:)\S+").fullmatch,
}
