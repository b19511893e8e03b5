"""Settings of `kernel.secrets`: the keys under which secrets lie in the database."""

from typing import Annotated

import msgspec
from msgspec import Meta

KEY_BYTES = 32


class SecretsSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sealing of auth tokens and other secrets that must be read again."""

    master_keys: Annotated[
        tuple[str, ...],
        Meta(
            description="Keys of 64 hex digits, for several hosts to share; the last one seals, all open. "
            "Default: the file keys/master.key of the data directory, made at the first need. Back it up.",
            extra={"secret": True},
        ),
    ] = ()

    def __post_init__(self) -> None:
        for key in self.master_keys:
            if not _is_key(key):
                # The keys themselves have no place in a message.
                raise ValueError(f"master_keys: each has {2 * KEY_BYTES} hex digits, as `openssl rand -hex 32` prints")


def _is_key(text: str) -> bool:
    try:
        return len(bytes.fromhex(text)) == KEY_BYTES
    except ValueError:
        return False
