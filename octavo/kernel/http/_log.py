"""The access log: one line of JSON per request on stderr, without secrets, written in batches."""

import asyncio
import logging
import re
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any

import msgspec
import structlog

FLUSH_SECONDS = 0.05
# A signed path carries its right to be read in itself: it is as secret as a password while it lives.
_SECRET_SEGMENT = re.compile(r"/(?:[^/]*(?:hmac|token|sig)[=~][^/]*|[A-Za-z0-9_\-~=.%]{40,})(?=/|$)")
_BUILT_FILE = "/static/"


class AccessLog:
    """Lines wait at most 50 ms, so that a busy server pays for one write and not for a thousand."""

    def __init__(self) -> None:
        self._lines = _Lines()
        self._logger = structlog.wrap_logger(
            self._lines,
            processors=[structlog.processors.TimeStamper(fmt="iso", utc=True), _encode],
            wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        )

    def write(self, **fields: Any) -> None:
        self._logger.info("request", **fields)

    def flush(self) -> None:
        self._lines.flush()


class _Lines:
    """Where structlog puts a finished line."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def info(self, line: bytes) -> None:
        if not self._waiting:
            asyncio.get_running_loop().call_later(FLUSH_SECONDS, self.flush)
        self._waiting.append(line)

    def flush(self) -> None:
        lines, self._waiting = self._waiting, []
        if lines:
            with suppress(OSError, ValueError):  # a closed stderr must not take the server down
                sys.stderr.buffer.write(b"".join(lines))
                sys.stderr.buffer.flush()


def mask_path(path: str) -> str:
    """The path with what looks like a secret replaced; built files keep their names, which are long but public."""
    return path if path.startswith(_BUILT_FILE) else _SECRET_SEGMENT.sub("/***", path)


def _encode(logger: Any, name: str, event: MutableMapping[str, Any]) -> bytes:
    return msgspec.json.encode(event) + b"\n"
