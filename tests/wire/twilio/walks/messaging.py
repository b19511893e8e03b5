"""Messaging Services and their pools."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
from twilio.rest.messaging.v1.service import ServiceContext

from tests.wire.twilio.walks.ground import Ground, is_gone, is_listed, refusal, sids

NOBODY = "0" * 32


def a_service(ground: Ground) -> ServiceContext:
    services = ground.client.messaging.v1.services
    return services(str(services.create(friendly_name="Shop").sid))


def services(ground: Ground) -> None:
    resource = ground.client.messaging.v1.services
    made = [resource.create(friendly_name=f"Shop {number}", sticky_sender=False) for number in range(4)]
    newest_first = list(reversed(sids(made)))
    is_listed(resource, newest_first)
    service = resource(newest_first[0])
    changed = service.update(friendly_name="Desk", validity_period=600, inbound_method="GET")
    assert (changed.friendly_name, changed.validity_period, changed.inbound_method) == ("Desk", 600, "GET")
    assert service.fetch().sticky_sender is False
    assert "verification" in [one["usecase"] for one in ground.client.messaging.v1.usecases.fetch().usecases]
    assert service.delete()
    is_gone(service.fetch)


def phone_numbers(ground: Ground) -> None:
    pool = a_service(ground).phone_numbers
    numbers = [ground.client.incoming_phone_numbers.create(area_code="415") for _ in range(3)]
    for number in numbers:
        assert pool.create(phone_number_sid=str(number.sid)).phone_number == number.phone_number
    is_listed(pool, sids(pool.list()))
    assert set(sids(pool.list())) == set(sids(numbers))
    member = pool(str(numbers[0].sid))
    assert member.fetch().country_code == "US"
    assert refusal(lambda: pool.create(phone_number_sid=str(numbers[0].sid))) == (409, 21710)
    assert member.delete()
    is_gone(member.fetch)


def alpha_senders(ground: Ground) -> None:
    service = a_service(ground)
    everywhere = [service.alpha_senders.create(alpha_sender=name) for name in ("Acme", "Bar", "Cafe")]
    is_listed(service.alpha_senders, list(reversed(sids(everywhere))))
    somewhere = service.destination_alpha_senders
    french = [somewhere.create(alpha_sender=name, iso_country_code="FR") for name in ("Acme FR", "Bar FR", "Cafe FR")]
    somewhere.create(alpha_sender="Acme DE", iso_country_code="DE")
    is_listed(somewhere, list(reversed(sids(french))), iso_country_code="FR")
    for resource, sid, name in (
        (service.alpha_senders, str(everywhere[0].sid), "Acme"),
        (somewhere, str(french[0].sid), "Acme FR"),
    ):
        sender = resource(sid)
        assert sender.fetch().alpha_sender == name
        assert sender.delete()
        is_gone(sender.fetch)
    assert refusal(lambda: service.alpha_senders.create(alpha_sender="far too long a name"))[0] == 400


def short_codes(ground: Ground) -> None:
    pool = a_service(ground).short_codes
    assert pool.list() == []
    is_gone(lambda: pool.create(short_code_sid=f"SC{NOBODY}"))


def compliance(ground: Ground) -> None:
    service = a_service(ground)
    assert service.us_app_to_person.list() == []
    assert service.channel_senders.list() == []
    assert "2FA" in [one["code"] for one in service.us_app_to_person_usecases.fetch().us_app_to_person_usecases]


def deactivations(ground: Ground) -> None:
    today = datetime.now(UTC).date()
    resource = ground.client.messaging.v1.deactivations()
    there = urlsplit(str(resource.fetch(date=today - timedelta(days=1)).redirect_to))
    who = (ground.client.username, ground.client.password)
    host = {"Host": there.netloc}
    answer = httpx.get(ground.dialect + there.path, auth=who, headers=host, trust_env=False, timeout=60)
    assert (answer.status_code, answer.text) == (200, "")
    assert refusal(lambda: resource.fetch(date=today)) == (400, 20001)
