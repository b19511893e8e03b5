"""Services, their pools, and who sends for them."""

import pytest

from octavo.kernel.context import Context
from octavo.products.comms.account.rows import Account, NewAccount
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.number.actions import buy_number
from octavo.products.comms.number.rows import PhoneNumber
from octavo.products.comms.service import queries
from octavo.products.comms.service.actions import change_service, choose_sender, create_service, delete_service
from octavo.products.comms.service.pool.actions import add_alpha_sender, add_number, remove_alpha_sender, remove_number
from octavo.products.comms.service.rows import Service, ServiceChanges

SAN_FRANCISCO, NEW_YORK, FRENCH = "+14156548501", "+12126548502", "+33612345678"
NEIGHBOUR = "+14155550123"


async def a_service(ctx: Context, account: Account, **changes: object) -> Service:
    return await create_service(ctx, account, ServiceChanges(**{"friendly_name": "Shop", **changes}))  # type: ignore[arg-type]


async def pooled(ctx: Context, account: Account, service: Service, number: str) -> PhoneNumber:
    bought = await buy_number(ctx, account, number)
    return await add_number(ctx, account, service.id, bought.id)


async def chosen(ctx: Context, account: Account, service: Service, recipient: str, **how: object) -> str:
    async with ctx.db.main.transaction() as tx:
        return await choose_sender(tx, account, service, recipient, **how)  # type: ignore[arg-type]


async def refused(work: object) -> int:
    with pytest.raises(CommsRefusal) as caught:
        await work  # type: ignore[misc]
    return caught.value.number


async def test_a_service_is_made_with_the_usual_settings_and_changed(ctx: Context, acme: NewAccount) -> None:
    made = await a_service(ctx, acme.account)
    assert (made.friendly_name, made.sticky_sender, made.validity_seconds) == ("Shop", True, 36_000)
    changed = await change_service(ctx, acme.account, made.id, ServiceChanges(sticky_sender=False, validity_seconds=60))
    assert (changed.friendly_name, changed.sticky_sender, changed.validity_seconds) == ("Shop", False, 60)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"friendly_name": " "}, 20001),
        ({"friendly_name": "x" * 65}, 20001),
        ({"validity_seconds": 0}, 20001),
        ({"validity_seconds": 36_001}, 20001),
        ({"inbound_url": "nowhere"}, 21402),
    ],
)
async def test_what_a_service_cannot_be_is_refused(
    ctx: Context, acme: NewAccount, changes: dict[str, object], code: int
) -> None:
    assert await refused(a_service(ctx, acme.account, **changes)) == code


async def test_a_number_is_in_one_service_at_most(ctx: Context, acme: NewAccount, another: NewAccount) -> None:
    service, other = await a_service(ctx, acme.account), await a_service(ctx, acme.account)
    number = await pooled(ctx, acme.account, service, SAN_FRANCISCO)
    assert await refused(add_number(ctx, acme.account, service.id, number.id)) == 21710
    assert await refused(add_number(ctx, acme.account, other.id, number.id)) == 21712
    theirs = await a_service(ctx, another.account)
    assert await refused(add_number(ctx, another.account, theirs.id, number.id)) == 20404
    await remove_number(ctx, acme.account, service.id, number.id)
    assert await refused(remove_number(ctx, acme.account, service.id, number.id)) == 20404
    assert (await add_number(ctx, acme.account, other.id, number.id)).service_id == other.id


async def test_the_numbers_of_a_service_stay_when_it_goes(ctx: Context, acme: NewAccount) -> None:
    service, other = await a_service(ctx, acme.account), await a_service(ctx, acme.account)
    number = await pooled(ctx, acme.account, service, SAN_FRANCISCO)
    await delete_service(ctx, acme.account, service.id)
    assert await refused(delete_service(ctx, acme.account, service.id)) == 20404
    assert (await add_number(ctx, acme.account, other.id, number.id)).number == SAN_FRANCISCO


async def test_a_person_hears_from_a_number_of_their_area(ctx: Context, acme: NewAccount) -> None:
    service = await a_service(ctx, acme.account)
    for number in (NEW_YORK, SAN_FRANCISCO):
        await pooled(ctx, acme.account, service, number)
    assert await chosen(ctx, acme.account, service, NEIGHBOUR) == SAN_FRANCISCO
    assert await chosen(ctx, acme.account, service, "+12125550123") == NEW_YORK


async def test_a_person_goes_on_hearing_from_the_number_they_know(ctx: Context, acme: NewAccount) -> None:
    service = await a_service(ctx, acme.account)
    known = await pooled(ctx, acme.account, service, NEW_YORK)
    assert await chosen(ctx, acme.account, service, NEIGHBOUR) == NEW_YORK
    await pooled(ctx, acme.account, service, SAN_FRANCISCO)
    assert await chosen(ctx, acme.account, service, NEIGHBOUR) == NEW_YORK
    await remove_number(ctx, acme.account, service.id, known.id)
    assert await chosen(ctx, acme.account, service, NEIGHBOUR) == SAN_FRANCISCO


async def test_names_go_where_networks_show_them(ctx: Context, acme: NewAccount) -> None:
    service = await a_service(ctx, acme.account)
    await pooled(ctx, acme.account, service, SAN_FRANCISCO)
    everywhere = await add_alpha_sender(ctx, acme.account, service.id, "Acme")
    await add_alpha_sender(ctx, acme.account, service.id, "Acme FR", country="FR")
    assert await chosen(ctx, acme.account, service, FRENCH) == "Acme FR"
    assert await chosen(ctx, acme.account, service, "+447400123456") == "Acme"
    assert await chosen(ctx, acme.account, service, NEIGHBOUR) == SAN_FRANCISCO
    assert await chosen(ctx, acme.account, service, FRENCH, mms=True) == SAN_FRANCISCO
    await remove_alpha_sender(ctx, acme.account, service.id, everywhere.id)
    assert await chosen(ctx, acme.account, service, "+447400123456") == SAN_FRANCISCO


async def test_names_that_no_network_shows_are_refused(ctx: Context, acme: NewAccount) -> None:
    service = await a_service(ctx, acme.account)
    for name in ("", "12345", "longer than eleven", "Ümlaut"):
        assert await refused(add_alpha_sender(ctx, acme.account, service.id, name)) == 21713
    await add_alpha_sender(ctx, acme.account, service.id, "Acme")
    assert await refused(add_alpha_sender(ctx, acme.account, service.id, "Acme")) == 21714
    assert await refused(add_alpha_sender(ctx, acme.account, service.id, "Acme", country="france")) == 20001


async def test_a_pool_without_a_suitable_sender_refuses(ctx: Context, acme: NewAccount) -> None:
    service = await a_service(ctx, acme.account)
    assert await refused(chosen(ctx, acme.account, service, NEIGHBOUR)) == 21704
    await add_alpha_sender(ctx, acme.account, service.id, "Acme")
    assert await refused(chosen(ctx, acme.account, service, NEIGHBOUR)) == 21703
    assert await refused(chosen(ctx, acme.account, service, NEIGHBOUR, from_=NEW_YORK)) == 21712
    assert await chosen(ctx, acme.account, service, NEIGHBOUR, from_="Acme") == "Acme"


async def test_services_of_others_are_not_there(ctx: Context, acme: NewAccount, another: NewAccount) -> None:
    service = await a_service(ctx, acme.account)
    assert await refused(queries.service(ctx.db.main, another.account.id, service.id)) == 20404
    assert await refused(change_service(ctx, another.account, service.id, ServiceChanges(usecase="2fa"))) == 20404
    assert await refused(delete_service(ctx, another.account, service.id)) == 20404
