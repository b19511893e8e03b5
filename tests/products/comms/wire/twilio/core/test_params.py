"""Parameters as the vendor's clients write them."""

from datetime import UTC, date, datetime
from typing import Annotated

import msgspec
import pytest

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.wire.twilio.core._params import Params, ParamsReader, pascal


class Example(Params):
    from_: str | None = None
    sms_url: str = "usual"
    media_url: list[str] = []
    smart_encoded: bool | None = None
    validity_period: Annotated[int, msgspec.Meta(ge=1, extra={"code": 21211})] | None = None
    send_at: datetime | None = None
    sent_before: date | None = msgspec.field(name="DateSent<", default=None)
    types: dict[str, str] = msgspec.field(name="Types.", default_factory=dict)


READER = ParamsReader(Example)


def test_names_are_the_vendors() -> None:
    assert [pascal(name) for name in ("from_", "sms_url", "to")] == ["From", "SmsUrl", "To"]


def test_every_kind_of_value_is_read() -> None:
    read = READER.read(
        [
            ("From", "+15550100"),
            ("MediaUrl", "a"),
            ("MediaUrl", "b"),
            ("SmartEncoded", "true"),
            ("ValidityPeriod", "60"),
            ("SendAt", "2026-11-21T06:00:00Z"),
            ("DateSent<", "2026-11-21"),
            ("Types.a", "1"),
            ("Unknown", "ignored"),
        ]
    )
    assert read == Example(
        from_="+15550100",
        media_url=["a", "b"],
        smart_encoded=True,
        validity_period=60,
        send_at=datetime(2026, 11, 21, 6, tzinfo=UTC),
        sent_before=date(2026, 11, 21),
        types={"a": "1"},
    )


def test_blank_is_text_and_nothing_else() -> None:
    read = READER.read([("SmsUrl", ""), ("SmartEncoded", ""), ("ValidityPeriod", "")])
    assert read == Example(sms_url="")


def test_a_wrong_type_is_refused_by_name_and_code() -> None:
    with pytest.raises(CommsRefusal) as usual:
        READER.read([("SmartEncoded", "perhaps")])
    with pytest.raises(CommsRefusal) as own:
        READER.read([("ValidityPeriod", "0")])
    assert (usual.value.number, own.value.number) == (20001, 21211)
    assert "SmartEncoded" in usual.value.detail
