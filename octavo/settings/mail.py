"""Settings of `kernel.mail`: who delivers the mails that Octavo writes."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta


class MailSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The SMTP server. Without one, mails are kept in the outbox and go nowhere."""

    host: Annotated[str, Meta(description="Name of the SMTP server. Blank keeps mails in the outbox.")] = ""
    port: Annotated[int, Meta(ge=1, le=65535, description="Port of the SMTP server.")] = 587
    security: Annotated[
        Literal["starttls", "tls", "none"], Meta(description="How the connection to the server is encrypted.")
    ] = "starttls"
    username: Annotated[str, Meta(description="Whom to sign in to the server as. Blank does not sign in.")] = ""
    password: Annotated[str, Meta(description="Password of the server's user.", extra={"secret": True})] = ""
    sender: Annotated[str, Meta(description="Address that mails come from.")] = "octavo@localhost"
    timeout: Annotated[float, Meta(gt=0, description="Seconds that the server may take over each step.")] = 20.0
    keep_days: Annotated[int, Meta(ge=0, description="Days that mails are kept in the outbox.")] = 7
