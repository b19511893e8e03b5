"""Settings of `kernel.outgoing`: what Octavo may ask for over the network."""

from ipaddress import ip_network
from typing import Annotated

import msgspec
from msgspec import Meta


class OutgoingSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Requests that users have Octavo make: callbacks, and media that it fetches."""

    allow: Annotated[
        tuple[str, ...],
        Meta(
            description="Addresses inside your own network that users' URLs may point to: networks such as "
            "`10.1.0.0/16`, or `127.0.0.1`. Everything that is not on the public internet is refused otherwise."
        ),
    ] = ()
    connect_seconds: Annotated[float, Meta(gt=0, description="Seconds that a connection may take to open.")] = 5.0
    connections: Annotated[int, Meta(ge=1, description="Most connections open at once, in one process.")] = 400
    per_host: Annotated[int, Meta(ge=1, description="Most connections to one host at once, in one process.")] = 40

    def __post_init__(self) -> None:
        for network in self.allow:
            try:
                ip_network(network, strict=False)
            except ValueError as error:
                raise ValueError(f"allow: {error}") from None
