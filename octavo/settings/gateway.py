"""Settings of the HTTP carrier: a hosted SMS API that sends for real."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta


class GatewaySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The HTTP carrier: whose API it speaks, or the templates of one that Octavo does not know."""

    provider: Annotated[
        Literal["", "plivo", "telnyx", "template"],
        Meta(description="Whose API sends messages where `comms.carrier` is `http`; `template` is described below."),
    ] = ""
    key: Annotated[str, Meta(description="Plivo's auth ID, or `${key}` of a template.")] = ""
    secret: Annotated[
        str,
        Meta(description="Plivo's auth token, Telnyx's API key, or `${secret}`.", extra={"secret": True}),
    ] = ""
    token: Annotated[
        str,
        Meta(
            description="A word of at least 16 letters that stands in the addresses which the provider calls, "
            "`/comms/gateway/TOKEN/receipts` and `/comms/gateway/TOKEN/inbound`. Empty: they do not exist.",
            pattern=r"^([A-Za-z0-9_\-]{16,128})?$",
            extra={"secret": True},
        ),
    ] = ""
    url: Annotated[
        str,
        Meta(
            description="Where to send a message. Empty: the provider's own address. Templates may use `${to}`, "
            "`${from}`, `${body}`, `${reference}`, `${receipt_url}`, `${validity}` (seconds), `${key}`, `${secret}`."
        ),
    ] = ""
    method: Annotated[Literal["POST", "GET", "PUT"], Meta(description="The method of a template.")] = "POST"
    headers: Annotated[
        tuple[str, ...], Meta(description="Headers of a template, each as `Name: value`.", extra={"secret": True})
    ] = ()
    content_type: Annotated[
        Literal["application/json", "application/x-www-form-urlencoded"],
        Meta(description="What the body of a template is; values are escaped for it."),
    ] = "application/json"
    body: Annotated[str, Meta(description="The body of a template.")] = ""
    answer_reference: Annotated[
        str, Meta(description="Where a JSON answer has the provider's id of a message, such as `messages.0.id`.")
    ] = ""
    receipt_reference: Annotated[
        str,
        Meta(description="Where a receipt repeats `${reference}`; not needed where `${receipt_url}` is called."),
    ] = ""
    receipt_state: Annotated[str, Meta(description="Where a receipt has the state.")] = "status"
    receipt_states: Annotated[
        tuple[str, ...], Meta(description="What the provider's states mean, each as `THEIRS=ours`; others are ignored.")
    ] = ("delivered=delivered", "undelivered=undelivered", "failed=failed", "sent=sent")
    inbound_from: Annotated[str, Meta(description="Where a message that comes in has its sender.")] = "from"
    inbound_to: Annotated[str, Meta(description="Where it has its recipient.")] = "to"
    inbound_body: Annotated[str, Meta(description="Where it has its text.")] = "text"
    inbound_reference: Annotated[str, Meta(description="Where it has the provider's id.")] = "id"
    at_once: Annotated[int, Meta(ge=1, le=1000, description="Messages being handed over at the same time.")] = 20

    def __post_init__(self) -> None:
        for line in self.headers:
            if ":" not in line:
                raise ValueError("headers: each must be written as Name: value")
        ours = ("sent", "delivered", "undelivered", "failed", "read")
        for line in self.receipt_states:
            if line.partition("=")[2] not in ours:
                raise ValueError(f"receipt_states: {line!r} must be THEIRS=ours; ours is one of {', '.join(ours)}")
        if self.provider == "template" and not self.url:
            raise ValueError("url: a template needs the address to send messages to")
