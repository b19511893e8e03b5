"""Pictures for networks that carry none."""

from octavo.kernel.context import Context
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.message.actions import create_message
from octavo.products.comms.message.rows import NewMessage
from octavo.products.comms.number.actions import buy_number
from octavo.products.comms.service.actions import change_service, create_service
from octavo.products.comms.service.pool.actions import add_number
from octavo.products.comms.service.rows import ServiceChanges

PICTURE = "https://a.example/a.png"


async def test_pictures_go_as_links_where_networks_carry_none(ctx: Context, acme: NewAccount) -> None:
    service = await create_service(ctx, acme.account, ServiceChanges(friendly_name="Shop"))
    number = await buy_number(ctx, acme.account, "+14156548501")
    await add_number(ctx, acme.account, service.id, number.id)

    async def sent(to: str, body: str = "Look") -> tuple[str, list[str]]:
        new = NewMessage(to=to, service_id=service.id, body=body, media_urls=(PICTURE,))
        message = await create_message(ctx, acme.account, new)
        return message.body, list(message.media_urls)

    assert await sent("+14155550123") == ("Look", [PICTURE])
    assert await sent("+33612345678") == (f"Look\n{PICTURE}", [])
    assert await sent("+33612345678", "") == (PICTURE, [])
    await change_service(ctx, acme.account, service.id, ServiceChanges(mms_converter=False))
    assert await sent("+33612345678") == ("Look", [PICTURE])
