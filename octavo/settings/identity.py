"""Settings of kernel.identity: registration, sessions, and the cost of a password hash."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Role = Literal["user", "creator", "moderator", "operator"]


class IdentitySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who may register, how long a session lasts, and what a password hash costs."""

    registration: Annotated[
        Literal["open", "closed"],
        Meta(description="Whether strangers may register, or an operator makes accounts."),
    ] = "open"
    new_user_roles: Annotated[
        tuple[Role, ...],
        Meta(description="Roles of a new account. Without `creator` new people can watch but not publish."),
    ] = ("user", "creator")
    session_days: Annotated[int, Meta(ge=1, le=400, description="Days without use after which a session ends.")] = 30
    session_max_days: Annotated[
        int, Meta(ge=1, le=3650, description="Days after which a session ends however much it is used.")
    ] = 365
    seen_every_seconds: Annotated[
        int, Meta(ge=1, description="How exact a session's last-seen time is: at most one write in this many seconds.")
    ] = 300
    argon2_memory_kib: Annotated[
        int, Meta(ge=8, description="Memory of one password hash. The three defaults are RFC 9106's second choice.")
    ] = 65536
    argon2_time_cost: Annotated[int, Meta(ge=1, description="Passes over that memory.")] = 3
    argon2_parallelism: Annotated[int, Meta(ge=1, le=64, description="Lanes of one password hash.")] = 4
    hashing_threads: Annotated[
        int, Meta(ge=1, le=64, description="Password hashes running at once in a process; each takes its own memory.")
    ] = 2
    address_key: Annotated[
        str,
        Meta(
            description="Secret that turns network addresses into keyed hashes, for several hosts to share. "
            "Blank: made once and kept in the data directory.",
            extra={"secret": True},
        ),
    ] = ""
    address_retention_days: Annotated[
        int, Meta(ge=1, description="Days after which hashed addresses are dropped from the audit trail.")
    ] = 90
