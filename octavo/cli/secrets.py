"""`octavo secrets`: a new master key, and all that is sealed sealed anew under it."""

import json
from uuid import UUID

import typer
from cryptography.exceptions import InvalidTag
from msgspec import Struct

from octavo.cli.engines import run_as_system
from octavo.cli.options import DataOption, JsonOption
from octavo.kernel.context import Context
from octavo.kernel.module import Sealed
from octavo.kernel.refusals import Conflict
from octavo.kernel.secrets import ID_BYTES, add_key, current_key, seal, unseal

BATCH = 500

commands = typer.Typer(no_args_is_help=True)


class _Secret(Struct, frozen=True):
    owner: UUID
    id: UUID
    sealed: bytes


_FIRST = _Secret(UUID(int=0), UUID(int=0), b"")


@commands.command("rotate")
def rotate(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Make a new master key and seal everything under it. Octavo may run meanwhile. The old keys stay for backups."""

    async def work(ctx: Context) -> dict[str, int]:
        add_key(ctx.settings)
        return await seal_anew(ctx)

    _tell(run_as_system(data, work), as_json=as_json)


@commands.command("reseal")
def reseal(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Seal under the newest master key what an older one sealed: goes on with a rotation that was cut short."""
    _tell(run_as_system(data, seal_anew), as_json=as_json)


async def seal_anew(ctx: Context) -> dict[str, int]:
    """How many secrets of each column were sealed anew. A batch is a transaction, so this may be stopped anywhere."""
    from octavo import app

    numbers = {}
    for one in (one for module in app.MODULES for one in module.sealed):
        numbers[f"{one.table}.{one.column}"] = 0
        place = _FIRST
        while sealed := await _batch(ctx, one, place):
            numbers[f"{one.table}.{one.column}"] += len(sealed)
            place = sealed[-1]
    return numbers


async def _batch(ctx: Context, one: Sealed, after: _Secret) -> list[_Secret]:
    """Goes on behind the last one of the batch before: tables may be long."""
    async with ctx.db.main.transaction() as tx:
        outdated = await tx.fetch(_Secret, _outdated(one), current_key(ctx.settings), BATCH, after.owner, after.id)
        if outdated:
            fresh = [_anew(ctx, one, secret) for secret in outdated]
            owners, ids = [secret.owner for secret in outdated], [secret.id for secret in outdated]
            await tx.execute(_update(one), owners, ids, fresh)
    return outdated


def _outdated(one: Sealed) -> str:
    """What an older key sealed, held until the transaction ends."""
    return f"""
        SELECT {one.owner} AS owner, {one.id} AS id, {one.column} AS sealed FROM {one.table} /* fanout: all of them */
        WHERE ({one.owner}, {one.id}) > ($3, $4) AND substr({one.column}, 1, {ID_BYTES}) <> $1
        ORDER BY {one.owner}, {one.id} LIMIT $2 FOR UPDATE
    """  # noqa: S608 -- names of tables and columns out of our own modules


def _update(one: Sealed) -> str:
    return f"""
        UPDATE {one.table} AS t SET {one.column} = n.sealed
        FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) AS n (owner, id, sealed)
        WHERE t.{one.owner} = n.owner AND t.{one.id} = n.id
    """  # noqa: S608 -- the same


def _anew(ctx: Context, one: Sealed, secret: _Secret) -> bytes:
    context = one.context.format(owner=secret.owner, id=secret.id)
    try:
        return seal(ctx.settings, unseal(ctx.settings, secret.sealed, context=context), context=context)
    except InvalidTag:
        raise Conflict(f"{one.table}.{one.column} of {secret.id} does not open: it was changed by hand.") from None


def _tell(numbers: dict[str, int], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"sealed": numbers}))
        return
    for column, number in numbers.items():
        print(f"{number:8,}  {column}")
    print("The newest master key seals everything. Keep the older ones for as long as backups may need them.")
