"""Verify: services, codes sent and checked, people with their factors, and who is told."""

from datetime import UTC, datetime, timedelta

import pyotp
from twilio.rest.verify.v2.service import ServiceContext
from twilio.rest.verify.v2.service.entity import EntityContext
from twilio.rest.verify.v2.service.entity.new_factor import NewFactorInstance

from tests.wire.twilio.patience import eventually
from tests.wire.twilio.walks.ground import Ground, is_gone, is_listed, refusal, sids

CUSTOMER = "+14155550100"


def a_service(ground: Ground) -> ServiceContext:
    """With a number to send codes from."""
    ground.client.incoming_phone_numbers.create(area_code="415")
    services = ground.client.verify.v2.services
    return services(str(services.create(friendly_name="Shop").sid))


def an_entity(ground: Ground) -> EntityContext:
    return a_service(ground).entities("customer-0001")


def a_factor(entity: EntityContext) -> NewFactorInstance:
    return entity.new_factors.create(factor_type="totp", friendly_name="Ana's phone")


def code_to(ground: Ground, number: str) -> str:
    text = eventually(lambda: next((one.body for one in ground.client.messages.list(to=number)), None))
    return "".join(sign for sign in str(text) if sign.isdigit())[:6]


def services(ground: Ground) -> None:
    resource = ground.client.verify.v2.services
    made = [resource.create(friendly_name=f"Shop {number}", code_length=4) for number in range(4)]
    newest_first = list(reversed(sids(made)))
    is_listed(resource, newest_first)
    service = resource(newest_first[0])
    changed = service.update(friendly_name="Desk", code_length=8, totp_issuer="Acme", totp_skew=2)
    assert (changed.code_length, changed.totp["issuer"], changed.totp["skew"]) == (8, "Acme", 2)
    assert service.fetch().friendly_name == "Desk"
    assert refusal(lambda: service.update(code_length=99)) == (400, 60200)
    assert service.delete()
    is_gone(service.fetch)


def verifications(ground: Ground) -> None:
    service = a_service(ground)
    asked = service.verifications.create(to=CUSTOMER, channel="sms")
    verification = service.verifications(str(asked.sid))
    assert verification.fetch().status == "pending"
    assert service.verification_checks.create(to=CUSTOMER, code="000000").valid is False
    checked = service.verification_checks.create(verification_sid=asked.sid, code=code_to(ground, CUSTOMER))
    assert (checked.valid, checked.status) == (True, "approved")
    is_gone(verification.fetch)
    other = service.verifications.create(to="customer@example.org", channel="email")
    assert service.verifications(str(other.sid)).update(status="canceled").status == "canceled"
    assert refusal(lambda: service.verifications.create(to="hello", channel="sms")) == (400, 60200)
    assert refusal(lambda: service.verifications.create(to=CUSTOMER, channel="pigeon")) == (400, 60200)


def attempts(ground: Ground) -> None:
    service = a_service(ground)
    asked = [service.verifications.create(to=f"+1415555010{n}", channel="sms") for n in range(3)]
    service.verification_checks.create(to="+14155550102", code=code_to(ground, "+14155550102"))
    resource = ground.client.verify.v2.verification_attempts
    everything = sids(resource.list())
    is_listed(resource, everything)
    is_listed(resource, everything, country="US", channel="sms")
    is_listed(resource, everything[1:], status="unconverted")
    assert sids(resource.list(status="converted")) == everything[:1]
    assert sids(resource.list(channel_data_to="+14155550101")) == everything[1:2]
    assert sids(resource.list(verification_sid=asked[0].sid)) == everything[2:]
    assert len(resource.list(verify_service_sid=asked[0].service_sid)) == 3
    later = datetime.now(UTC) + timedelta(days=1)
    assert resource.list(date_created_after=later) == []
    assert len(resource.list(date_created_before=later)) == 3
    assert resource(everything[0]).fetch().conversion_status == "converted"
    summary = ground.client.verify.v2.verification_attempts_summary()
    told = summary.fetch(verify_service_sid=asked[0].service_sid, country="US", channel="sms")
    assert (told.total_attempts, told.total_converted, told.total_unconverted) == (3, 1, 2)
    is_gone(resource("VL" + "0" * 32).fetch)


def entities(ground: Ground) -> None:
    resource = a_service(ground).entities
    made = [resource.create(identity=f"customer-000{number}") for number in range(3)]
    is_listed(resource, list(reversed(sids(made))))
    assert resource("customer-0001").fetch().identity == "customer-0001"
    assert resource("customer-0001").delete()
    is_gone(resource("customer-0001").fetch)


def factors(ground: Ground) -> None:
    entity = an_entity(ground)
    made = [a_factor(entity) for _ in range(3)]
    is_listed(entity.factors, list(reversed(sids(made))))
    factor = entity.factors(str(made[0].sid))
    assert factor.fetch().status == "unverified"
    assert factor.update(auth_payload=pyotp.TOTP(made[0].binding["secret"]).now()).status == "verified"
    assert factor.update(friendly_name="Old phone").friendly_name == "Old phone"
    assert factor.delete()
    is_gone(factor.fetch)
    assert refusal(lambda: entity.new_factors.create(factor_type="push", friendly_name="Phone")) == (400, 60200)


def challenges(ground: Ground) -> None:
    entity = an_entity(ground)
    new = a_factor(entity)
    codes = pyotp.TOTP(new.binding["secret"])
    entity.factors(str(new.sid)).update(auth_payload=codes.now())
    made = [
        entity.challenges.create(factor_sid=str(new.sid), details_message=f"Sign in {number}?") for number in range(3)
    ]
    newest_first = list(reversed(sids(made)))
    is_listed(entity.challenges, sids(made))
    is_listed(entity.challenges, sids(made), factor_sid=new.sid, status="pending")
    is_listed(entity.challenges, newest_first, order="desc")
    challenge = entity.challenges(newest_first[0])
    assert challenge.fetch().details["message"] == "Sign in 2?"
    next_code = codes.at(datetime.now(UTC) + timedelta(seconds=30))  # each opens once
    assert challenge.update(auth_payload=next_code).status == "approved"
    assert sids(entity.challenges.list(status="approved")) == newest_first[:1]
    is_gone(entity.challenges("YC" + "0" * 32).fetch)


def rate_limits(ground: Ground) -> None:
    resource = a_service(ground).rate_limits
    made = [resource.create(unique_name=f"end_user_{number}", description="By person") for number in range(3)]
    is_listed(resource, list(reversed(sids(made))))
    limit = resource(str(made[0].sid))
    assert limit.fetch().unique_name == "end_user_0"
    assert limit.update(description="By address").description == "By address"
    assert limit.update().description == "By address"
    buckets = [limit.buckets.create(max=number + 1, interval=60 * (number + 1)) for number in range(3)]
    is_listed(limit.buckets, list(reversed(sids(buckets))))
    bucket = limit.buckets(str(buckets[0].sid))
    assert bucket.update(max=9).max == 9
    assert bucket.fetch().interval == 60
    assert bucket.delete()
    is_gone(bucket.fetch)
    assert limit.delete()
    is_gone(limit.fetch)


def messaging_configurations(ground: Ground) -> None:
    resource = a_service(ground).messaging_configurations
    services = [ground.client.messaging.v1.services.create(friendly_name=f"Shop {number}") for number in range(2)]
    for country in ("CA", "FR", "US"):
        assert resource.create(country=country, messaging_service_sid=str(services[0].sid)).country == country
    assert {one.country for one in resource.list()} == {"CA", "FR", "US"}
    is_listed(resource, [str(one.country) for one in resource.list()], by="country")
    configuration = resource("FR")
    changed = configuration.update(messaging_service_sid=str(services[1].sid))
    assert (changed.country, changed.messaging_service_sid) == ("FR", services[1].sid)
    assert configuration.fetch().messaging_service_sid == services[1].sid
    assert configuration.delete()
    is_gone(configuration.fetch)


def safelist(ground: Ground) -> None:
    numbers = ground.client.verify.v2.safelist
    assert numbers.create(CUSTOMER).phone_number == CUSTOMER
    assert numbers(CUSTOMER).fetch().phone_number == CUSTOMER
    assert numbers(CUSTOMER).delete()
    is_gone(numbers(CUSTOMER).fetch)
    assert refusal(lambda: numbers.create("nobody")) == (400, 60200)


def templates(ground: Ground) -> None:
    resource = ground.client.verify.v2.templates
    everything = resource.list()
    is_listed(resource, sids(everything))
    named = str(everything[0].friendly_name)
    assert {one.friendly_name for one in resource.list(friendly_name=named)} == {named}
    assert resource.list(friendly_name="none of ours") == []


def webhooks(ground: Ground) -> None:
    resource = a_service(ground).webhooks
    made = [
        resource.create(f"Hook {number}", ["factor.verified", "challenge.approved"], "https://a.example/told")
        for number in range(3)
    ]
    is_listed(resource, list(reversed(sids(made))))
    webhook = resource(str(made[0].sid))
    assert webhook.fetch().event_types == ["factor.verified", "challenge.approved"]
    assert webhook.update(status="disabled").status == "disabled"
    assert webhook.delete()
    is_gone(webhook.fetch)
    assert refusal(lambda: resource.create("Hook", ["tea.ready"], "https://a.example/told")) == (400, 60200)
