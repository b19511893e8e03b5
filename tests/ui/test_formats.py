"""Sizes and lengths as people read them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from octavo.ui import formats

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"), (999, "999 bytes"), (1000, "1 kB"), (12_400_000, "12.4 MB"), (999_600, "1 MB"),
        (182_000_000, "182 MB"), (5_000_000_000_000_000, "5,000 TB"),
    ],
)  # fmt: skip
def test_a_size_has_at_most_one_decimal(size: int, text: str) -> None:
    assert formats.format_bytes(size, "en").replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (596, "9:56"), (3600, "1:00:00"), (36061, "10:01:01")]
)
def test_a_length_has_hours_only_when_it_needs_them(seconds: float, text: str) -> None:
    assert formats.format_duration(seconds) == text


def test_how_long_ago_is_said_in_words() -> None:
    assert formats.format_since(NOW - timedelta(days=3), NOW, "en") == "3 days ago"


def test_a_moment_is_written_to_the_minute() -> None:
    assert formats.format_datetime(NOW, "en-GB") == "20 Nov 2026, 12:00"
    assert formats.format_datetime(NOW, "de") == "20.11.2026, 12:00"


def test_a_date_is_written_as_the_reader_writes_it() -> None:
    assert formats.format_date(NOW, "en-GB") == "20 Nov 2026"
    assert formats.format_date(NOW, "de") == "20.11.2026"


def test_money_keeps_its_fractions_of_a_cent() -> None:
    assert formats.format_money(Decimal("0.0080"), "USD", "en-us") == "$0.008"
    assert formats.format_money(Decimal(2), "EUR", "de").replace("\N{NO-BREAK SPACE}", " ") == "2,00 €"
