"""What an answer to a message tells us to do, and what is wrong with it."""

from typing import Literal

from msgspec import Struct

Method = Literal["GET", "POST"]


class ReplyVerb(Struct, frozen=True, kw_only=True):
    """`<Message>`: send this, to whoever wrote unless `to` says otherwise, and from the number they wrote to."""

    body: str = ""
    media: tuple[str, ...] = ()
    to: str = ""
    from_: str = ""
    status_callback: str = ""
    action: str = ""
    method: Method = "POST"


class RedirectVerb(Struct, frozen=True, kw_only=True):
    """`<Redirect>`: ask there instead, and do nothing that stands behind this."""

    url: str
    method: Method = "POST"


Verb = ReplyVerb | RedirectVerb


class Problem(Struct, frozen=True):
    """Something in a document: its debugger code, the line (from 1), what it is, and what to do.

    A warning is about what is passed over; the rest of the document is carried out.
    """

    code: int
    line: int
    text: str
    advice: str
    is_warning: bool = False


class Document(Struct, frozen=True):
    """A document as it was read. Verbs that have problems are not among `verbs`."""

    verbs: list[Verb]
    problems: list[Problem]
