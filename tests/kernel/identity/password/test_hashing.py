"""Argon2id as it is stored."""

from time import process_time

from octavo.kernel.identity.password.hashing import hash_password, needs_rehash, verify_password
from octavo.settings import IdentitySettings

CHEAP = IdentitySettings(argon2_memory_kib=64, argon2_time_cost=1, argon2_parallelism=1)


async def test_a_hash_fits_its_password_and_no_other() -> None:
    stored = await hash_password(CHEAP, "seven grey herons")
    assert stored.startswith("$argon2id$v=19$m=64,t=1,p=1$")
    assert await verify_password(CHEAP, stored, "seven grey herons")
    assert not await verify_password(CHEAP, stored, "seven grey heron")


async def test_equal_passwords_are_stored_differently() -> None:
    assert await hash_password(CHEAP, "seven grey herons") != await hash_password(CHEAP, "seven grey herons")


async def test_no_password_and_a_broken_hash_fit_nothing() -> None:
    assert not await verify_password(CHEAP, None, "seven grey herons")
    assert not await verify_password(CHEAP, "not a hash", "seven grey herons")


async def test_a_hash_of_older_parameters_asks_to_be_renewed() -> None:
    stored = await hash_password(CHEAP, "seven grey herons")
    assert not needs_rehash(CHEAP, stored)
    assert needs_rehash(IdentitySettings(argon2_memory_kib=128, argon2_time_cost=1, argon2_parallelism=1), stored)


async def test_an_unknown_login_costs_a_hash_like_a_known_one() -> None:
    settings = IdentitySettings(argon2_memory_kib=8192, argon2_time_cost=2, argon2_parallelism=1)
    stored = await hash_password(settings, "seven grey herons")

    async def work(hash_or_none: str | None) -> float:
        """In processor time, because a busy machine makes any clock wait."""
        start = process_time()
        await verify_password(settings, hash_or_none, "nine grey herons")
        return process_time() - start

    # In turns: where neighbours make the processor slow, they do so for both.
    works = [(await work(stored), await work(None)) for _ in range(7)]
    known, unknown = (min(times) for times in zip(*works, strict=True))
    assert 0.4 < unknown / known < 2.5
