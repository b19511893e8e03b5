"""What an answer to a message tells us to do."""

from collections.abc import Sequence

from msgspec import Struct


class ReplyVerb(Struct, frozen=True, kw_only=True):
    """`<Message>`: send this, to whoever wrote unless `to` says otherwise, and from the number they wrote to."""

    body: str = ""
    media: Sequence[str] = ()
    to: str = ""
    from_: str = ""
    status_callback: str = ""
    action: str = ""
    method: str = "POST"


class RedirectVerb(Struct, frozen=True, kw_only=True):
    """`<Redirect>`: ask there instead, and do nothing that stands behind this."""

    url: str
    method: str = "POST"


Verb = ReplyVerb | RedirectVerb
