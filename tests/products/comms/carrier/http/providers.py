"""Providers on the loopback that behave by the documentation of the real ones."""

import json
from dataclasses import replace
from typing import Any

import msgspec
from aiohttp import web

from octavo.kernel.context import Engines
from octavo.products.comms.carrier.http.carrier import HttpCarrier
from octavo.products.comms.carrier.http.drivers import driver_of
from octavo.settings.gateway import GatewaySettings
from tests.harness.receiver import Received, Receiver

TOKEN = "a-token-of-letters"
PUBLIC = "https://sms.example"


def engines_with(engines: Engines, **gateway: Any) -> Engines:
    """The same engines with a provider set, which may be on this machine."""
    settings = msgspec.structs.replace(
        engines.settings,
        gateway=GatewaySettings(token=TOKEN, **gateway),
        http=msgspec.structs.replace(engines.settings.http, public_url=PUBLIC),
        outgoing=msgspec.structs.replace(engines.settings.outgoing, allow=("127.0.0.1",)),
    )
    return replace(engines, settings=settings)


def a_carrier(engines: Engines) -> HttpCarrier:
    driver = driver_of(engines.settings.gateway)
    assert driver is not None
    return HttpCarrier(engines, driver)


def answering(status: int, document: object, **headers: str) -> Any:
    def answer(got: Received) -> web.Response:
        return web.Response(
            status=status, body=json.dumps(document).encode(), content_type="application/json", headers=headers
        )

    return answer


def plivo_at(receiver: Receiver) -> None:
    receiver.answers["/plivo"] = answering(
        202, {"message": "message(s) queued", "message_uuid": ["db3ce55a-7f1d"], "api_id": "db342550"}
    )


def telnyx_at(receiver: Receiver) -> None:
    receiver.answers["/telnyx"] = answering(
        200, {"data": {"id": "403172b9", "record_type": "message", "to": [{"status": "queued"}]}}
    )
