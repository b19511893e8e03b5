"""A host name that is none. The machine's own name server may be slow to say so, or lose the question."""

import socket

import pytest
from aiohttp.abc import ResolveResult
from aiohttp.resolver import ThreadedResolver


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> str:
    """The name, which is denied at once in this process."""
    name, resolve = "nobody.invalid", ThreadedResolver.resolve

    async def denied(
        self: ThreadedResolver, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if host == name:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return await resolve(self, host, port, family)

    monkeypatch.setattr(ThreadedResolver, "resolve", denied)
    return name
