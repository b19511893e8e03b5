"""The list of prices."""

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from octavo.products.comms.paging import PageRequest
from octavo.products.comms.pricing import queries, rules
from octavo.products.comms.pricing.queries import PriceListInvalid, price_list
from octavo.products.comms.pricing.rows import Price
from octavo.settings import Settings

ONE_ZONE = """
currency: EUR
elsewhere: all
zones:
  all:
    message: {outbound: "0.07", inbound: "0"}
    picture: {outbound: "0.1", inbound: "0"}
    call: {outbound: "0.01", inbound: "0", inbound_tollfree: "0.1"}
    number: {local: "1"}
countries: {}
"""


def with_list(settings: Settings, path: Path) -> Settings:
    return msgspec.structs.replace(settings, comms=msgspec.structs.replace(settings.comms, price_list=str(path)))


def test_text_is_paid_by_segment_and_a_message_with_pictures_once(settings: Settings) -> None:
    prices = price_list(settings)
    one = rules.price_of_segment(prices, "US")
    assert (one.amount, one.currency) == (Decimal("0.0080"), "USD")
    assert rules.price_of_message(prices, "US", 3).amount == 3 * one.amount
    assert rules.price_of_message(prices, "US", 3, has_media=True).amount == Decimal("0.0200")


def test_a_country_without_a_zone_of_its_own_has_the_prices_of_elsewhere(settings: Settings) -> None:
    prices = price_list(settings)
    assert prices.zone("KE") == prices.zones["far"]
    assert rules.price_of_segment(prices, "") == rules.price_of_segment(prices, "KE")


def test_operators_have_a_list_of_their_own(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "prices.yaml"
    path.write_text(ONE_ZONE)
    prices = price_list(with_list(settings, path))
    assert rules.price_of_message(prices, "DE", 2) == Price(Decimal("0.14"), "EUR")
    assert rules.price_of_number(prices, "DE", "mobile") is None
    assert rules.price_of_service(prices, "carrier-lookups").amount == 0


def test_lookups_and_verifications_cost_the_same_everywhere(settings: Settings) -> None:
    prices = price_list(settings)
    assert rules.price_of_service(prices, "carrier-lookups") == Price(Decimal("0.0080"), "USD")
    assert rules.price_of_service(prices, "number-format-lookups").amount == 0


def test_a_list_with_mistakes_is_refused_with_its_name(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "prices.yaml"
    path.write_text("{currency: USD, elsewhere: gone, zones: {}, countries: {US: home}}")
    with pytest.raises(PriceListInvalid, match=r"prices\.yaml.*no zone gone, home"):
        price_list(with_list(settings, path))
    path = tmp_path / "services.yaml"
    path.write_text(ONE_ZONE + 'services: {carrier-lookup: "1"}')
    with pytest.raises(PriceListInvalid, match=r"nothing is counted as carrier-lookup"):
        price_list(with_list(settings, path))


def test_every_country_with_numbers_has_a_page_in_the_list() -> None:
    first = queries.countries(PageRequest(size=100))
    second = queries.countries(PageRequest(size=100, after=first.next))
    third = queries.countries(PageRequest(size=100, after=second.next))
    seen = [one.code for one in (*first.items, *second.items, *third.items)]
    assert seen == [one.code for one in queries.all_countries()]
    assert (first.previous, third.next) == (None, None)
    assert queries.countries(PageRequest(size=100, after=third.previous, backward=True)) == second


@pytest.mark.parametrize(("amount", "text"), [("0.0080", "0.008"), ("2", "2.00"), ("100", "100.00"), ("0", "0.00")])
def test_prices_are_written_with_two_places_or_more(amount: str, text: str) -> None:
    assert rules.written(Decimal(amount)) == text
