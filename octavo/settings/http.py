"""Settings of `kernel.http`: the web server."""

from ipaddress import ip_network
from typing import Annotated

import msgspec
from msgspec import Meta


class HttpSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How pages and the API are served."""

    host: Annotated[str, Meta(description="Address to listen on. `0.0.0.0` opens Octavo to the network.")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="Port to listen on; 0 takes a free one.")] = 8420
    processes: Annotated[
        int,
        Meta(
            ge=1,
            le=64,
            description="Web processes that share the port; one uses about one processor core and 60 MB.",
        ),
    ] = 1
    public_url: Annotated[
        str,
        Meta(
            pattern=r"^(https?://[^/\s]+)?$",
            description="The address people type, such as `https://films.example`, without a path. "
            "Empty: the address of each request.",
        ),
    ] = ""
    trusted_proxies: Annotated[
        tuple[str, ...],
        Meta(description="Addresses or networks whose `X-Forwarded-*` and `X-Request-Id` headers are believed."),
    ] = ()
    body_limit: Annotated[
        int, Meta(ge=1024, description="Most bytes of a JSON or form body, where a route does not say otherwise.")
    ] = 1024 * 1024
    keep_alive: Annotated[int, Meta(ge=1, description="Seconds that an idle connection stays open.")] = 75
    heartbeat: Annotated[
        float, Meta(gt=0, description="Seconds between the comments that keep a quiet event stream open.")
    ] = 15.0
    rate_limits: Annotated[bool, Meta(description="Whether limits on the number of requests apply.")] = True
    access_log: Annotated[bool, Meta(description="Whether each request is logged to stderr as a line of JSON.")] = True
    idempotency_hours: Annotated[
        int, Meta(ge=1, description="Hours that an answer is kept for a repeated `Idempotency-Key`.")
    ] = 24

    def __post_init__(self) -> None:
        for network in self.trusted_proxies:
            try:
                ip_network(network, strict=False)
            except ValueError as error:
                raise ValueError(f"trusted_proxies: {error}") from None
