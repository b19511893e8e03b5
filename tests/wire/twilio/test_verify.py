"""The official Python SDK proves that somebody has a number, an address or an application."""

from collections.abc import Callable

import pyotp
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.wire.twilio.patience import eventually

pytestmark = pytest.mark.slow


def refusal(work: Callable[[], object]) -> tuple[int, int | None]:
    with pytest.raises(TwilioRestException) as told:
        work()
    return told.value.status, told.value.code


def test_services_are_kept(sub_client: Client) -> None:
    services = sub_client.verify.v2.services
    made = services.create(friendly_name="Shop", code_length=4)
    assert (made.friendly_name, made.code_length) == ("Shop", 4)
    assert services(str(made.sid)).update(friendly_name="Shop 2").friendly_name == "Shop 2"
    services.create(friendly_name="Another")
    assert len(services.list(page_size=1)) == 2
    assert services(str(made.sid)).delete()
    assert refusal(services(str(made.sid)).fetch) == (404, 20404)


def test_a_code_by_text_is_checked(sub_client: Client) -> None:
    sub_client.incoming_phone_numbers.create(area_code="415")
    made = sub_client.verify.v2.services.create(friendly_name="Shop")
    service = sub_client.verify.v2.services(str(made.sid))
    asked = service.verifications.create(to="+14155550100", channel="sms")
    assert (asked.status, asked.valid, asked.channel) == ("pending", False, "sms")
    assert service.verifications(str(asked.sid)).fetch().status == "pending"
    text = eventually(lambda: next((one.body for one in sub_client.messages.list(to="+14155550100")), None))
    assert service.verification_checks.create(to="+14155550100", code="000000").valid is False
    code = "".join(sign for sign in str(text) if sign.isdigit())[:6]
    checked = service.verification_checks.create(to="+14155550100", code=code)
    assert (checked.status, checked.valid) == ("approved", True)
    assert refusal(lambda: service.verification_checks.create(to="+14155550100", code=code)) == (404, 20404)
    assert sub_client.verify.v2.verification_attempts.list(limit=2) is not None


def test_a_verification_is_canceled(sub_client: Client) -> None:
    made = sub_client.verify.v2.services.create(friendly_name="Shop")
    service = sub_client.verify.v2.services(str(made.sid))
    asked = service.verifications.create(to="customer@example.org", channel="email")
    assert service.verifications(str(asked.sid)).update(status="canceled").status == "canceled"


def test_wrong_numbers_and_channels_are_refused(sub_client: Client) -> None:
    made = sub_client.verify.v2.services.create(friendly_name="Shop")
    service = sub_client.verify.v2.services(str(made.sid))
    assert refusal(lambda: service.verifications.create(to="hello", channel="sms")) == (400, 60200)
    assert refusal(lambda: service.verifications.create(to="+14155550100", channel="pigeon"))[0] == 400


def test_rate_limits_have_buckets(sub_client: Client) -> None:
    made = sub_client.verify.v2.services.create(friendly_name="Shop")
    limits = sub_client.verify.v2.services(str(made.sid)).rate_limits
    limit = limits.create(unique_name="end_user_ip", description="By address")
    buckets = limits(str(limit.sid)).buckets
    bucket = buckets.create(max=2, interval=60)
    assert (bucket.max, bucket.interval) == (2, 60)
    assert buckets(str(bucket.sid)).update(max=3).max == 3
    assert len(buckets.list()) == 1
    assert buckets(str(bucket.sid)).delete()
    assert [one.unique_name for one in limits.list()] == ["end_user_ip"]
    assert limits(str(limit.sid)).delete()


def test_an_application_s_codes_are_factors(sub_client: Client) -> None:
    made = sub_client.verify.v2.services.create(friendly_name="Shop")
    entity = sub_client.verify.v2.services(str(made.sid)).entities("customer-0001")
    new = entity.new_factors.create(factor_type="totp", friendly_name="Ana's phone")
    assert new.status == "unverified"
    codes = pyotp.TOTP(new.binding["secret"])
    factor = entity.factors(str(new.sid))
    assert factor.update(auth_payload=codes.now()).status == "verified"
    assert [one.sid for one in entity.factors.list()] == [new.sid]
    challenge = entity.challenges.create(factor_sid=str(new.sid), auth_payload="000000")
    assert challenge.status == "pending"
    assert entity.challenges(str(challenge.sid)).fetch().status == "pending"
    assert factor.delete()


def test_templates_are_listed(sub_client: Client) -> None:
    assert isinstance(sub_client.verify.v2.templates.list(limit=5), list)
