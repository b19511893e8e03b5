"""The simulated stock of numbers."""

from itertools import islice
from typing import Any

import phonenumbers
import pytest

from octavo.products.comms.number.inventory import countries, is_pattern, kinds_in, matching
from octavo.products.comms.number.rows import Available, Search

SEED = "octavo"


def found(most: int = 20, **wanted: Any) -> list[Available]:
    return list(islice(matching(SEED, Search(**wanted)), most))


def numbers(most: int = 20, **wanted: Any) -> list[str]:
    return [one.number for one in found(most, **wanted)]


def test_the_same_seed_offers_the_same_numbers_and_another_seed_others() -> None:
    search = Search(country="US")
    first = [one.number for one in islice(matching(SEED, search), 10)]
    assert first == [one.number for one in islice(matching(SEED, search), 10)]
    assert set(first).isdisjoint(one.number for one in islice(matching("another", search), 10))


@pytest.mark.parametrize("country", ["US", "CA", "GB", "DE", "IN", "BR", "JP", "KE", "AU", "PR"])
def test_every_number_is_valid_in_its_country_and_of_its_kind(country: str) -> None:
    for kind in kinds_in(country):
        some = numbers(country=country, kind=kind)
        assert len(some) == len(set(some)) > 0
        for number in some:
            assert phonenumbers.is_valid_number_for_region(phonenumbers.parse(number), country)


def test_most_countries_have_numbers_and_none_is_offered_without_a_kind() -> None:
    assert len(countries()) > 200
    assert kinds_in("US") == ("local", "tollfree")


def test_an_area_code_is_kept_and_an_unknown_one_has_none() -> None:
    assert all(number.startswith("+1415") for number in numbers(country="US", area_code="415"))
    assert all(number.startswith("+1888") for number in numbers(country="US", kind="tollfree", area_code="888"))
    assert numbers(country="US", area_code="533") == []


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("510555****", lambda number: number.startswith("+1510555")),
        ("KYLE", lambda number: "5953" in number),
        ("+1212%", lambda number: number.startswith("+1212")),
        ("77$", lambda number: number.endswith("77")),
        ("*55*", lambda number: "55" in number),
    ],
)
def test_patterns_are_found(pattern: str, fits: Any) -> None:
    some = numbers(country="US", contains=pattern)
    assert some
    assert all(fits(number) for number in some)


@pytest.mark.parametrize("pattern", ["5", "5*5", "12345678901234567", "é55", "**"])
def test_what_is_no_pattern_is_known(pattern: str) -> None:
    assert not is_pattern(pattern)


def test_places_are_searched_by_name_code_and_distance() -> None:
    assert {one.place.locality for one in found(country="US", region="wa")} == {"Seattle"}
    assert {one.place.region for one in found(country="CA", locality="Toronto")} == {"ON"}
    assert {one.place.postal_code for one in found(country="US", postal_code="94103")} == {"94103"}
    near = {one.place.locality for one in found(country="US", near=(37.77, -122.41))}
    assert near == {"San Francisco", "Oakland"}
    assert "San Jose" in {one.place.locality for one in found(country="US", near=(37.77, -122.41), distance=60)}
    assert numbers(country="US", near=(0, 0)) == []
    assert numbers(country="GB", region="CA") == []


def test_numbers_that_cannot_carry_it_are_left_out() -> None:
    assert numbers(country="GB", sms=True) == []
    assert numbers(country="GB", kind="mobile", sms=True)
    assert numbers(country="US", fax=False) == []
