"""The table of shapes is the one that the vendor's files give, and judges every resource that is served."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from twilio.rest.lookups.v1.phone_number import PhoneNumberInstance
from twilio.rest.pricing.v2.voice.country import CountryInstance
from twilio.rest.pricing.v2.voice.number import NumberInstance

from tests.wire.twilio import older
from tests.wire.twilio.judge import documented_statuses, table
from tests.wire.twilio.served import ROUTES, concrete_path
from tests.wire.twilio.shapes import OF_USERS, SHAPES, derived

Shape = dict[str, Any]


@pytest.mark.borrowed
@pytest.mark.skipif("TWILIO_OAI" not in os.environ, reason="TWILIO_OAI names no directory with OpenAPI files.")
def test_the_table_is_what_the_vendors_files_give() -> None:
    assert derived(Path(os.environ["TWILIO_OAI"])) == SHAPES.read_text()


def test_the_vendors_notice_lies_beside_the_table() -> None:
    notice = SHAPES.with_name("shapes.LICENSE.txt").read_text()
    assert notice.startswith("MIT License")
    assert "Copyright (C) 2023, Twilio, Inc." in notice
    assert "The above copyright notice and this permission notice shall be included" in " ".join(notice.split())


def test_every_shape_that_is_named_is_there() -> None:
    whole = table()
    named = {shape["ref"] for shape in parts(list(whole["operations"].values())) if "ref" in shape}
    named |= {shape["ref"] for shape in parts(list(whole["schemas"].values())) if "ref" in shape}
    assert len(named) > 150
    assert named <= whole["schemas"].keys()


def test_every_answer_with_a_body_is_judged_by_its_properties() -> None:
    """An operation whose shape is open would pass whatever it answers."""
    judged = 0
    for route in ROUTES:
        host, path = concrete_path(route)
        answers = documented_statuses(route.method, host, path)
        assert answers
        for status, shape in answers.items():
            if status.startswith("2") and shape is not None:
                judged += 1
                resolved = table()["schemas"][shape["ref"]] if "ref" in shape else shape
                assert resolved["properties"], f"{route.method} {route.path} {status} is open"
                assert {name for name, part in resolved["properties"].items() if is_open(part)} <= OF_USERS
    assert judged > 130


def is_open(shape: Shape) -> bool:
    return not shape.keys() - {"null"}


@pytest.mark.parametrize(
    ("instance", "shape"),
    [
        (PhoneNumberInstance(None, {}, phone_number="+14155552671"), older.LOOKUP),
        (CountryInstance(None, {}, iso_country="US"), older.VOICE_COUNTRY),
        (NumberInstance(None, {}, destination_number="+14155552671"), older.VOICE_NUMBER),
    ],
)
def test_the_shapes_written_by_hand_have_what_the_sdk_reads(instance: object, shape: Shape) -> None:
    assert {name for name in vars(instance) if not name.startswith("_")} == shape["properties"].keys()


def parts(value: object) -> Iterator[Shape]:
    """All objects in it, at any depth."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from parts(part)
    elif isinstance(value, list):
        for part in value:
            yield from parts(part)
