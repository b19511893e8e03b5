"""Numbers from the search to the release, and what belongs to them."""

from tests.wire.twilio.answering import answered
from tests.wire.twilio.patience import eventually
from tests.wire.twilio.receiving import Answer
from tests.wire.twilio.walks.ground import Ground, is_gone, is_listed, refusal, sids

NOBODY = "0" * 32
CALLED = ("+14152051240", "+14152051241", "+14152051242")


def available_phone_numbers(ground: Ground) -> None:
    countries = ground.client.available_phone_numbers
    assert {"US", "GB"} <= {str(one.country_code) for one in countries.list()}
    assert "local" in countries("US").fetch().subresource_uris
    local = countries("US").local
    found = local.list(area_code=212, sms_enabled=True, voice_enabled=True, limit=7)
    assert [str(one.phone_number)[:5] for one in found] == ["+1212"] * 7
    assert [one.phone_number for one in local.list(contains=found[0].phone_number)] == [found[0].phone_number]
    assert {one.region for one in local.list(in_region="CA", limit=3)} == {"CA"}
    assert {one.locality for one in local.list(in_locality="San Francisco", limit=3)} == {"San Francisco"}
    near = local.list(near_lat_long="37.77,-122.41", distance=10, limit=2)
    assert {one.region for one in near} == {"CA"}
    assert str(countries("US").toll_free.list(limit=1)[0].phone_number).startswith("+18")
    assert countries("GB").mobile.list(limit=2)
    for kind in ("national", "voip", "shared_cost", "machine_to_machine"):
        assert isinstance(getattr(countries("GB"), kind).list(limit=2), list)
    is_gone(countries("ZZ").fetch)
    assert refusal(lambda: local.list(contains="!")) == (400, 20001)


def incoming_phone_numbers(ground: Ground) -> None:
    numbers = ground.client.incoming_phone_numbers
    offered = ground.client.available_phone_numbers
    made = [numbers.create(area_code="415", friendly_name="Desk"), numbers.create(area_code="510")]
    free = [str(one.phone_number) for one in offered("US").local.list(limit=1)]
    made.append(numbers.local.create(free[0]))
    made += [
        numbers.toll_free.create(str(one.phone_number), friendly_name="Free")
        for one in offered("US").toll_free.list(limit=2)
    ]
    made += [
        numbers.mobile.create(str(one.phone_number), friendly_name="Desk") for one in offered("GB").mobile.list(limit=2)
    ]
    newest_first = list(reversed(sids(made)))
    is_listed(numbers, newest_first)
    is_listed(numbers, [newest_first[0], newest_first[1], newest_first[-1]], friendly_name="Desk")
    is_listed(numbers.mobile, newest_first[:2])
    is_listed(numbers.toll_free, newest_first[2:4])
    is_listed(numbers.local, newest_first[4:])
    assert sids(numbers.list(phone_number=made[0].phone_number)) == [made[0].sid]
    is_listed(numbers, newest_first, beta=False)
    number = numbers(str(made[0].sid))
    assert number.update(sms_url="https://a.example/sms", sms_method="GET").sms_method == "GET"
    assert number.fetch().sms_url == "https://a.example/sms"
    assert refusal(lambda: number.update(sms_url="nowhere")) == (400, 21402)
    assert refusal(lambda: number.update(sms_method="DANCE")) == (400, 21403)
    assert refusal(lambda: numbers.create(phone_number=str(made[0].phone_number))) == (400, 21422)
    assert number.delete()
    is_gone(number.fetch)


def assigned_add_ons(ground: Ground) -> None:
    number = ground.client.incoming_phone_numbers.create(area_code="415")
    add_ons = ground.client.incoming_phone_numbers(str(number.sid)).assigned_add_ons
    assert add_ons.list() == []
    nobody = add_ons(f"XE{NOBODY}")
    for work in (nobody.fetch, nobody.delete, nobody.extensions.list, lambda: add_ons.create(f"XB{NOBODY}")):
        is_gone(work)


def applications(ground: Ground) -> None:
    resource = ground.client.applications
    made = [resource.create(friendly_name=name) for name in ("Desk", "Desk", "Bar", "Desk")]
    newest_first = list(reversed(sids(made)))
    is_listed(resource, newest_first)
    is_listed(resource, [newest_first[0], newest_first[2], newest_first[3]], friendly_name="Desk")
    application = resource(newest_first[0])
    changed = application.update(sms_url="https://a.example/sms", message_status_callback="https://a.example/told")
    assert (changed.sms_url, changed.message_status_callback) == ("https://a.example/sms", "https://a.example/told")
    assert application.fetch().sms_url == "https://a.example/sms"
    assert refusal(lambda: application.update(voice_method="DANCE")) == (400, 21403)
    assert application.delete()
    is_gone(application.fetch)


def addresses(ground: Ground) -> None:
    resource = ground.client.addresses
    made = [
        resource.create("Acme", "1 Long Lane", "Springfield", "OR", "97477", "US", friendly_name="Head"),
        resource.create("Acme", "2 Long Lane", "Springfield", "OR", "97477", "US", emergency_enabled=True),
        resource.create("Brown", "3 High Street", "Leeds", "Yorkshire", "LS1 1AA", "GB", friendly_name="Head"),
    ]
    newest_first = list(reversed(sids(made)))
    is_listed(resource, newest_first)
    is_listed(resource, newest_first[1:], customer_name="Acme")
    is_listed(resource, [newest_first[0], newest_first[2]], friendly_name="Head")
    is_listed(resource, newest_first[1:], iso_country="US")
    assert sids(resource.list(emergency_enabled=True)) == newest_first[1:2]
    address = resource(newest_first[2])
    assert address.update(street="4 Long Lane", street_secondary="Suite 5").street_secondary == "Suite 5"
    assert address.fetch().street == "4 Long Lane"
    numbers = [
        ground.client.incoming_phone_numbers.create(area_code="415", address_sid=newest_first[2]) for _ in range(3)
    ]
    is_listed(address.dependent_phone_numbers, list(reversed(sids(numbers))))
    assert refusal(address.delete) == (409, 20009)
    assert resource(newest_first[0]).delete()
    is_gone(resource(newest_first[0]).fetch)


def validation_requests(ground: Ground) -> None:
    asked = ground.client.validation_requests.create(phone_number=CALLED[0], friendly_name="Desk", call_delay=5)
    assert (asked.phone_number, asked.friendly_name) == (CALLED[0], "Desk")
    assert (len(asked.validation_code or ""), str(asked.call_sid)[:2]) == (6, "CA")
    assert refusal(lambda: ground.client.validation_requests.create(phone_number="nobody")) == (400, 21401)


def outgoing_caller_ids(ground: Ground) -> None:
    resource = ground.client.outgoing_caller_ids
    for number, name in zip(CALLED, ("Desk", "Bar", "Desk"), strict=True):
        answered(ground.octavo, ground.client.validation_requests.create(phone_number=number, friendly_name=name))
    is_listed(resource, list(reversed(CALLED)), by="phone_number")
    is_listed(resource, [CALLED[2], CALLED[0]], by="phone_number", friendly_name="Desk")
    [found] = resource.list(phone_number=CALLED[1])
    caller_id = resource(str(found.sid))
    assert caller_id.fetch().friendly_name == "Bar"
    assert caller_id.update(friendly_name="Front desk").friendly_name == "Front desk"
    assert caller_id.update().friendly_name == "Front desk"
    asked_again = {"phone_number": CALLED[1]}
    assert refusal(lambda: ground.client.validation_requests.create(**asked_again)) == (400, 21450)
    assert caller_id.delete()
    is_gone(caller_id.fetch)


def notifications(ground: Ground) -> None:
    """A call of ours whose callback fails is told of twice: among all notifications and among its own."""
    ground.receiver.answers["/broken"] = Answer(status=500)
    calls = []
    for number in CALLED[:2]:
        asked = ground.client.validation_requests.create(
            phone_number=number, status_callback=f"{ground.receiver.url}/broken"
        )
        answered(ground.octavo, asked)
        calls.append(asked.call_sid)
    resource = ground.client.api.account.notifications
    found = eventually(lambda: made if len(made := resource.list()) >= 2 else None)
    is_listed(resource, sids(found))
    is_listed(resource, sids(found), log=0)
    assert resource.list(log=1) == []
    assert resource(str(found[0].sid)).fetch().error_code == "11200"
    call = ground.client.calls(str(calls[0]))
    of_call = call.notifications.list()
    assert {one.call_sid for one in of_call} == {calls[0]}
    assert call.notifications(str(of_call[0].sid)).fetch().sid == of_call[0].sid
    is_gone(ground.client.calls(str(calls[1])).notifications(str(of_call[0].sid)).fetch)


def short_codes(ground: Ground) -> None:
    assert ground.client.short_codes.list() == []
    nobody = ground.client.short_codes(f"SC{NOBODY}")
    for work in (nobody.fetch, lambda: nobody.update(friendly_name="None")):
        is_gone(work)
