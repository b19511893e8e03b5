"""Reading bodies as these clients send them: forms under `application/json`, JSON under anything."""

from collections.abc import Mapping
from typing import Any

import msgspec

from octavo.kernel.context import Context
from octavo.kernel.http import BodyStream, Request, parse_pairs
from octavo.kernel.refusals import BadRequest


class Fields:
    """Named values; what is no text or number counts as absent where a text is asked for."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str) -> str:
        """Stripped; blank where it is absent. Never holds NUL or half characters, which cannot be stored."""
        value = self._values.get(name)
        if isinstance(value, list) and len(value) == 1:
            [value] = value
        if isinstance(value, bool) or not isinstance(value, str | int):
            return ""
        text = str(value).strip()
        return "" if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text) else text

    def texts(self, name: str) -> list[str]:
        """One value or several."""
        value = self._values.get(name)
        several = value if isinstance(value, list) else [value]
        return [one.strip() for one in several if isinstance(one, str) and one.strip()]


async def fields_of(ctx: Context, request: Request) -> Fields:
    """The body's fields, whatever its Content-Type says. Raises BadRequest for what is neither form nor JSON."""
    body = await BodyStream(request.scope, request.receive, ctx.settings.http.body_limit).read()
    if body.lstrip()[:1] in (b"{", b"["):
        try:
            return Fields(msgspec.json.decode(body, type=dict[str, Any]))
        except msgspec.DecodeError as error:
            raise BadRequest("The JSON cannot be read.") from error
    pairs: dict[str, list[str]] = {}
    for name, value in parse_pairs(body):
        pairs.setdefault(name, []).append(value)
    return Fields(pairs)
