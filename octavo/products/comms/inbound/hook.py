"""Which address is told of a message: that of the service, of the application, or of the number itself."""

from typing import NamedTuple

from octavo.kernel.db import Queryable
from octavo.products.comms.application.queries import application
from octavo.products.comms.inbound.rows import Method
from octavo.products.comms.number.rows import PhoneNumber
from octavo.products.comms.service.queries import service


class Hook(NamedTuple):
    url: str
    method: Method
    fallback_url: str
    fallback_method: Method


async def hook_of(db: Queryable, number: PhoneNumber) -> Hook | None:
    """None where nobody wants to be told."""
    if number.service_id is not None:
        group = await service(db, number.account_id, number.service_id)
        if not group.webhook_on_number:
            return _hook(group.inbound_url, group.inbound_method, group.fallback_url, group.fallback_method)
    if number.sms_application_id is not None:
        app = await application(db, number.account_id, number.sms_application_id)
        return _hook(app.sms_url, app.sms_method, app.sms_fallback_url, app.sms_fallback_method)
    return _hook(number.sms_url, number.sms_method, number.sms_fallback_url, number.sms_fallback_method)


def _hook(url: str, method: Method, fallback_url: str, fallback_method: Method) -> Hook | None:
    return Hook(url, method, fallback_url, fallback_method) if url else None
