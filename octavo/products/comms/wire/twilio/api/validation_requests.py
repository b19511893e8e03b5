"""Asking whoever answers at a number whether the account may call from it."""

from typing import Annotated, Literal

from msgspec import Meta

from octavo.products.comms.caller_id.actions import request_validation
from octavo.products.comms.caller_id.rows import NewValidation
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Params

api = Api("api", "/2010-04-01/Accounts/{account_sid}/OutgoingCallerIds", style="2010")


class Validation(Params):
    phone_number: str = ""
    friendly_name: str = ""
    call_delay: Annotated[int, Meta(extra={"code": 21454})] = 0
    extension: str = ""
    status_callback: str = ""
    status_callback_method: Annotated[Literal["GET", "POST"], Meta(extra={"code": 21403})] = "POST"


@api.create("", status=200)
async def create_validation_request(call: Call, params: Validation) -> Fields:
    """Call a number: the answer has the code that whoever answers there is to enter."""
    made = await request_validation(
        call.ctx,
        call.account,
        NewValidation(
            number=params.phone_number,
            friendly_name=params.friendly_name,
            call_delay=params.call_delay,
            extension=params.extension,
            status_callback=params.status_callback,
            status_callback_method=params.status_callback_method,
        ),
    )
    return {
        "account_sid": call.account_sid,
        "call_sid": made.call_sid,
        "friendly_name": made.friendly_name,
        "phone_number": made.number,
        "validation_code": made.code,
    }
