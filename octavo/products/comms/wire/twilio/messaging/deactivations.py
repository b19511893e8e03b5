"""Numbers that carriers took out of service on a day: a file of one number a line."""

from datetime import date

from octavo.kernel.http import Answer, Bytes
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.wire.twilio.core import Api, Call, Params

api = Api("messaging", "/v1/Deactivations", style="v1")


class DeactivationParams(Params):
    date: str = ""


@api.fetch("")
async def fetch_deactivation(call: Call, params: DeactivationParams) -> Answer:
    """Where the file of the day is."""
    where = f"{call.base}/v1/Deactivations/{_day(params.date, call.ctx.now.date())}/Numbers"
    return Answer({"redirect_to": where}, status=307, headers={"Location": where})


@api.fetch("/{day}/Numbers")
async def fetch_numbers(call: Call) -> Bytes:
    """The numbers of the day. No carrier here takes any out of service."""
    _day(call.path["day"], call.ctx.now.date())
    return Bytes(b"", "text/plain")


def _day(text: str, today: date) -> date:
    """Raises CommsRefusal 20001 for what is no day, or one that is not over."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise CommsRefusal(20001, f"Invalid value for parameter Date: {text[:40]!r}") from None
    if day >= today:
        raise CommsRefusal(20001, f"Invalid value for parameter Date: {day} is not over yet.")
    return day
