"""Finding people and their factors."""

from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.paging import Keyset, PageRequest, Slice, page_by_id
from octavo.products.comms.verify.factor.rows import Entity, Factor

ENTITY_COLUMNS = ", ".join(Entity.__struct_fields__)
COLUMNS = ", ".join(Factor.__struct_fields__)
SECRET = "comms.verify_factor"  # noqa: S105 -- what a sealed secret is bound to, with the factor's id
_ENTITIES = Keyset(f"SELECT {ENTITY_COLUMNS} FROM comms.verify_entity WHERE account_id = $1 AND service_id = $2")
_FACTORS = Keyset(f"SELECT {COLUMNS} FROM comms.verify_factor WHERE account_id = $1 AND entity_id = $2")


async def entity(db: Queryable, account_id: AccountId, service_id: UUID, identity: str) -> Entity:
    """Raises CommsRefusal 20404."""
    found = await db.one(
        Entity,
        f"""
        SELECT {ENTITY_COLUMNS} FROM comms.verify_entity WHERE account_id = $1 AND service_id = $2 AND identity = $3
        """,
        account_id,
        service_id,
        identity,
    )
    if found is None:
        raise CommsRefusal(20404)
    return found


async def entities(db: Queryable, account_id: AccountId, service_id: UUID, page: PageRequest) -> Slice[Entity]:
    return await page_by_id(db, Entity, _ENTITIES, account_id, service_id, page=page)


async def factor(db: Queryable, entity: Entity, factor_id: UUID, *, hold: bool = False) -> Factor:
    """With `hold`, nobody else changes it until the transaction ends. Raises CommsRefusal 20404."""
    found = await db.one(
        Factor,
        f"""
        SELECT {COLUMNS} FROM comms.verify_factor WHERE account_id = $1 AND entity_id = $2 AND id = $3
        {"FOR UPDATE" if hold else ""}
        """,
        entity.account_id,
        entity.id,
        factor_id,
    )
    if found is None:
        raise CommsRefusal(20404)
    return found


async def factors(db: Queryable, entity: Entity, page: PageRequest) -> Slice[Factor]:
    return await page_by_id(db, Factor, _FACTORS, entity.account_id, entity.id, page=page)
