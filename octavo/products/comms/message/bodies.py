"""Texts of accounts that want them encrypted at rest: AES-256-GCM under a key of the account, which is itself sealed.

The tag binds a text to its message, so one that was moved to another row does not open. The newest key seals; older
ones open what they sealed until everything has been sealed anew.
"""

import os
from collections.abc import Sequence
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import structs

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.ids import new_id
from octavo.kernel.secrets import seal, unseal
from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.message.rows import Message

KEY_BYTES, NONCE_BYTES = 32, 12
SECONDS_CACHED = 60.0
CONTEXT = "comms.body_key"  # what a sealed key is bound to, with the account's id


async def sealed(engines: Engines, account_id: AccountId, messages: Sequence[Message]) -> list[Message]:
    """The messages as they are to be stored."""
    key_id = await engines.cache.get_or_load(
        f"{CONTEXT}.newest:{account_id}", lambda: _newest(engines, account_id), ttl=SECONDS_CACHED
    )
    cipher = await _cipher(engines, account_id, key_id)
    return [_seal(one, key_id, cipher) if one.body else one for one in messages]


async def opened(engines: Engines, message: Message) -> Message:
    """The message with its text, wherever that is stored."""
    if message.sealed_body is None or message.body_key is None:
        return message
    body = await open_body(engines, message.account_id, message.id, message.body_key, message.sealed_body)
    return structs.replace(message, body=body, sealed_body=None, body_key=None)


async def open_body(engines: Engines, account_id: UUID, message_id: UUID, key_id: UUID, sealed_body: bytes) -> str:
    cipher = await _cipher(engines, account_id, key_id)
    return cipher.decrypt(sealed_body[:NONCE_BYTES], sealed_body[NONCE_BYTES:], message_id.bytes).decode()


async def new_body_key(engines: Engines, account_id: UUID) -> UUID:
    """A new key for the account, which seals from now on; in other processes within a minute."""
    key_id = new_id()
    await engines.db.main.execute(
        "INSERT INTO comms.body_key (account_id, id, sealed_key, created_at) VALUES ($1, $2, $3, $4)",
        account_id,
        key_id,
        seal(engines.settings, os.urandom(KEY_BYTES), context=f"{CONTEXT}:{account_id}"),
        now(),
    )
    engines.cache.invalidate(f"{CONTEXT}.newest:{account_id}")
    return key_id


def _seal(message: Message, key_id: UUID, cipher: AESGCM) -> Message:
    nonce = os.urandom(NONCE_BYTES)
    text = nonce + cipher.encrypt(nonce, message.body.encode(), message.id.bytes)
    return structs.replace(message, body="", sealed_body=text, body_key=key_id)


async def _newest(engines: Engines, account_id: UUID) -> UUID:
    found: UUID | None = await engines.db.main.value(
        "SELECT id FROM comms.body_key WHERE account_id = $1 ORDER BY id DESC LIMIT 1", account_id
    )
    return found or await new_body_key(engines, account_id)


async def _cipher(engines: Engines, account_id: UUID, key_id: UUID) -> AESGCM:
    async def load() -> AESGCM:
        sealed_key: bytes = await engines.db.main.value(
            "SELECT sealed_key FROM comms.body_key WHERE account_id = $1 AND id = $2", account_id, key_id
        )
        return AESGCM(unseal(engines.settings, sealed_key, context=f"{CONTEXT}:{account_id}"))

    return await engines.cache.get_or_load(f"{CONTEXT}:{account_id}:{key_id}", load, ttl=SECONDS_CACHED)
