"""Settings of `kernel.db`: which PostgreSQL, how many connections, and how long anything may take."""

from typing import Annotated

import msgspec
from msgspec import Meta


class DbSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which PostgreSQL is used and how. Without a URL, Octavo runs its own inside the data directory."""

    url: Annotated[
        str,
        Meta(
            description="PostgreSQL 15 or later, as `postgresql://user:password@host:port/name`. "
            "Empty: an embedded server in the data directory. `DATABASE_URL` is read too.",
            extra={"secret": True},
        ),
    ] = ""
    pool_size: Annotated[int, Meta(ge=1, le=500, description="Most connections that one process opens at a time.")] = 10
    pool_timeout: Annotated[
        float, Meta(gt=0, description="Seconds to wait for a free connection before answering that the site is busy.")
    ] = 5.0
    connect_timeout: Annotated[float, Meta(gt=0, description="Seconds that opening one connection may take.")] = 5.0
    timeout: Annotated[
        float, Meta(gt=0, description="Seconds that one statement may take, unless it says otherwise.")
    ] = 10.0
    idle_seconds: Annotated[float, Meta(gt=0, description="Seconds after which an unused connection is closed.")] = (
        300.0
    )
    server_memory: Annotated[
        int, Meta(ge=16, description="Shared memory of the embedded server in MiB (`shared_buffers`).")
    ] = 64
    server_connections: Annotated[
        int, Meta(ge=10, le=1000, description="Most connections that the embedded server accepts from all processes.")
    ] = 100
    server_start_timeout: Annotated[
        float, Meta(gt=0, description="Seconds to wait for the embedded server, crash recovery included.")
    ] = 120.0
