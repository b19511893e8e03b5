"""Opening one connection the way all of Octavo wants it: named, bounded in time, jsonb through msgspec."""

from typing import Any

import asyncpg
import msgspec

from octavo.settings import DbSettings

_JSONB_VERSION = b"\x01"


async def connect(url: str, settings: DbSettings, *, application: str) -> asyncpg.Connection:
    connection = await asyncpg.connect(
        url,
        timeout=settings.connect_timeout,
        command_timeout=settings.timeout,
        server_settings={"application_name": f"octavo {application}"},
    )
    try:
        await connection.set_type_codec(
            "jsonb", schema="pg_catalog", encoder=_encode_jsonb, decoder=_decode_jsonb, format="binary"
        )
    except BaseException:
        connection.terminate()
        raise
    return connection


def _encode_jsonb(value: Any) -> bytes:
    return _JSONB_VERSION + msgspec.json.encode(value)


def _decode_jsonb(data: bytes) -> Any:
    return msgspec.json.decode(memoryview(data)[1:])
