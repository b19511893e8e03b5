"""Settings of `kernel.outgoing`: what Octavo may ask for over the network."""

import re
from ipaddress import ip_network
from typing import Annotated

import msgspec
from msgspec import Meta

# A name does not end in a number, so that an address that is written wrongly is not taken for one.
_HOST = re.compile(r"([a-z0-9_-]{1,63}\.)*[a-z0-9-]*[a-z][a-z0-9-]*\.?", re.IGNORECASE)


class OutgoingSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Requests that users have Octavo make: callbacks, and media that it fetches."""

    allow: Annotated[
        tuple[str, ...],
        Meta(
            description="What users' URLs may point to inside your own network: addresses, networks such as "
            "`10.1.0.0/16`, and names of hosts, `hooks.internal`, wherever they are there. Everything that is not on "
            "the public internet is refused otherwise."
        ),
    ] = ()
    connect_seconds: Annotated[float, Meta(gt=0, description="Seconds that a connection may take to open.")] = 5.0
    connections: Annotated[int, Meta(ge=1, description="Most connections open at once, in one process.")] = 400
    per_host: Annotated[int, Meta(ge=1, description="Most connections to one host at once, in one process.")] = 40

    def __post_init__(self) -> None:
        for text in self.allow:
            if _HOST.fullmatch(text):
                continue
            try:
                ip_network(text, strict=False)
            except ValueError as error:
                raise ValueError(f"allow: {error}") from None
