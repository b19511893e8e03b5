"""Argon2id in threads of its own, because one hash takes tens of milliseconds and tens of megabytes."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from octavo.kernel.identity.password.rules import normal_password
from octavo.settings import IdentitySettings

T = TypeVar("T")


async def hash_password(settings: IdentitySettings, password: str) -> str:
    """The password's Argon2id hash in its encoded form (RFC 9106), with a fresh salt."""
    return await _in_thread(settings, _hasher(settings).hash, normal_password(password))


async def verify_password(settings: IdentitySettings, stored: str | None, password: str) -> bool:
    """Whether the password is the stored one. Without one it takes as long and is False, so that time tells nothing."""
    if stored is None:
        await hash_password(settings, password)
        return False
    return await _in_thread(settings, _matches, _hasher(settings), stored, normal_password(password))


def needs_rehash(settings: IdentitySettings, stored: str) -> bool:
    """Whether the hash was made with other parameters than those of today."""
    return _hasher(settings).check_needs_rehash(stored)


def _matches(hasher: PasswordHasher, stored: str, password: str) -> bool:
    try:
        return hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


async def _in_thread(settings: IdentitySettings, work: Callable[..., T], *args: object) -> T:
    return await asyncio.get_running_loop().run_in_executor(_threads(settings.hashing_threads), work, *args)


@cache
def _threads(count: int) -> ThreadPoolExecutor:
    # A pool of its own bounds the memory that a storm of sign-ins can take; the rest wait their turn.
    return ThreadPoolExecutor(count, thread_name_prefix="argon2")


@cache
def _hasher(settings: IdentitySettings) -> PasswordHasher:
    return PasswordHasher(
        time_cost=settings.argon2_time_cost,
        memory_cost=settings.argon2_memory_kib,
        parallelism=settings.argon2_parallelism,
        type=Type.ID,
    )
