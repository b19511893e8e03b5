"""Factors: devices that make codes (TOTP). Those of other kinds need the vendor's own applications."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, field

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.sids import sid
from octavo.products.comms.verify.factor import actions, queries
from octavo.products.comms.verify.factor.rows import Algorithm, Factor, FactorChanges, NewFactor
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params, iso
from octavo.products.comms.wire.twilio.verify.entities import entity_of, entity_url

api = Api("verify", "/v2/Services/{service_sid}/Entities/{identity}/Factors", style="v1")
Whole = Annotated[int, Meta(extra={"code": 60200})]
Alg = Annotated[Algorithm, Meta(extra={"code": 60200})]


class NewFactorParams(Params):
    friendly_name: str = ""
    factor_type: Annotated[Literal["totp", "push", "passkeys"], Meta(extra={"code": 60200})] | None = None
    secret: str = field(name="Binding.Secret", default="")
    alg: Alg = field(name="Config.Alg", default="sha1")
    code_length: Whole | None = field(name="Config.CodeLength", default=None)
    time_step: Whole | None = field(name="Config.TimeStep", default=None)
    skew: Whole | None = field(name="Config.Skew", default=None)
    metadata: str = ""


class FactorParams(Params):
    auth_payload: str = ""
    friendly_name: str | None = None
    alg: Alg | None = field(name="Config.Alg", default=None)
    code_length: Whole | None = field(name="Config.CodeLength", default=None)
    time_step: Whole | None = field(name="Config.TimeStep", default=None)
    skew: Whole | None = field(name="Config.Skew", default=None)


def factor_resource(call: Call, one: Factor) -> Fields:
    service_sid = sid("VA", one.service_id)
    return {
        "sid": one.sid,
        "account_sid": call.account_sid,
        "service_sid": service_sid,
        "entity_sid": sid("YE", one.entity_id),
        "identity": one.identity,
        "date_created": iso(one.created_at),
        "date_updated": iso(one.updated_at),
        "friendly_name": one.friendly_name,
        "status": one.status,
        "factor_type": "totp",
        "config": {
            "alg": one.alg,
            "skew": one.skew,
            "code_length": one.code_length,
            "time_step": one.time_step,
        },
        "metadata": one.metadata,
        "url": f"{entity_url(call, service_sid, one.identity)}/Factors/{one.sid}",
    }


@api.create("", secret=True)
async def create_factor(call: Call, params: NewFactorParams) -> Fields:
    """Make a factor. Its secret is in this answer and nowhere else."""
    if params.factor_type is None:
        raise CommsRefusal(60200, "Missing required parameter `FactorType`.")
    if params.factor_type != "totp":
        raise CommsRefusal(60200, f"Invalid parameter `FactorType`: {params.factor_type} is not available here.")
    new = NewFactor(
        friendly_name=params.friendly_name,
        secret=params.secret,
        alg=params.alg,
        code_length=params.code_length,
        time_step=params.time_step,
        skew=params.skew,
        metadata=document("Metadata", params.metadata),
    )
    service_id = call.id("service_sid", "VA")
    made = await actions.create_factor(call.ctx, call.account, service_id, call.path["identity"], new)
    return factor_resource(call, made.factor) | {"binding": {"secret": made.secret, "uri": made.uri}, "options": None}


@api.list("", key="factors")
async def list_factors(call: Call) -> Listing:
    """The factors of a person."""
    found = await queries.factors(call.db, await entity_of(call), call.page)
    return Listing(found, lambda one: factor_resource(call, one))


@api.fetch("/{factor_sid}")
async def fetch_factor(call: Call) -> Fields:
    """One factor."""
    found = await queries.factor(call.db, await entity_of(call), call.id("factor_sid", "YF"))
    return factor_resource(call, found)


@api.update("/{factor_sid}")
async def update_factor(call: Call, params: FactorParams) -> Fields:
    """Verify a factor by its first code, or change it."""
    changes = FactorChanges(
        friendly_name=params.friendly_name,
        code=params.auth_payload,
        alg=params.alg,
        code_length=params.code_length,
        time_step=params.time_step,
        skew=params.skew,
    )
    factor_id = call.id("factor_sid", "YF")
    return factor_resource(call, await actions.change_factor(call.ctx, await entity_of(call), factor_id, changes))


@api.delete("/{factor_sid}")
async def delete_factor(call: Call) -> None:
    """Forget a factor."""
    await actions.delete_factor(call.ctx, await entity_of(call), call.id("factor_sid", "YF"))


def document(name: str, text: str) -> dict[str, Any] | None:
    """A JSON object. Raises CommsRefusal 60200."""
    if not text:
        return None
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.DecodeError:
        raise CommsRefusal(60200, f"Invalid parameter `{name}`: a JSON object is expected.") from None
