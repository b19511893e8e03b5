"""Challenges: asking a person for a code of one of their factors."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import field

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.sids import is_sid, read_sid, sid
from octavo.products.comms.verify.challenge import actions, queries
from octavo.products.comms.verify.challenge.rows import Challenge, NewChallenge
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params, iso
from octavo.products.comms.wire.twilio.verify.entities import entity_of, entity_url
from octavo.products.comms.wire.twilio.verify.factors import document

api = Api("verify", "/v2/Services/{service_sid}/Entities/{identity}/Challenges", style="v1")


class ChallengeParams(Params):
    factor_sid: str = ""
    expiration_date: datetime | None = None
    message: str = field(name="Details.Message", default="")
    fields: list[str] = field(name="Details.Fields", default_factory=list)
    hidden_details: str = ""
    auth_payload: str = ""


class ChallengeAnswer(Params):
    auth_payload: str = ""
    metadata: str = ""


class ChallengeFilter(Params):
    factor_sid: str = ""
    status: Literal["pending", "expired", "approved", "denied"] | None = None
    order: Literal["asc", "desc"] = "asc"


def challenge_resource(call: Call, one: Challenge) -> Fields:
    service_sid = sid("VA", one.service_id)
    url = f"{entity_url(call, service_sid, one.identity)}/Challenges/{one.sid}"
    return {
        "sid": one.sid,
        "account_sid": call.account_sid,
        "service_sid": service_sid,
        "entity_sid": sid("YE", one.entity_id),
        "identity": one.identity,
        "factor_sid": sid("YF", one.factor_id),
        "date_created": iso(one.created_at),
        "date_updated": iso(one.updated_at),
        "date_responded": iso(one.responded_at),
        "expiration_date": iso(one.expires_at),
        "status": one.status,
        "responded_reason": "none",
        "details": one.details,
        "hidden_details": one.hidden_details,
        "metadata": one.metadata,
        "factor_type": "totp",
        "url": url,
        "links": {"notifications": f"{url}/Notifications"},
    }


@api.create("")
async def create_challenge(call: Call, params: ChallengeParams) -> Fields:
    """Ask for a code; one that comes along answers at once."""
    if not is_sid(params.factor_sid, "YF"):
        raise CommsRefusal(60200, "Invalid parameter `FactorSid`")
    new = NewChallenge(
        factor_id=read_sid(params.factor_sid, "YF"),
        code=params.auth_payload,
        expires_at=params.expiration_date,
        details=_details(call, params),
        hidden_details=document("HiddenDetails", params.hidden_details),
    )
    return challenge_resource(call, await actions.create_challenge(call.ctx, await entity_of(call), new))


@api.list("", key="challenges")
async def list_challenges(call: Call, params: ChallengeFilter) -> Listing:
    """What a person was asked."""
    factor_id: UUID | None = read_sid(params.factor_sid, "YF") if params.factor_sid else None
    found = await queries.challenges(
        call.db,
        await entity_of(call),
        call.page,
        call.ctx.now,
        factor_id=factor_id,
        status=params.status,
        oldest_first=params.order == "asc",
    )
    return Listing(found, lambda one: challenge_resource(call, one))


@api.fetch("/{challenge_sid}")
async def fetch_challenge(call: Call) -> Fields:
    """One challenge."""
    found = await queries.challenge(call.db, await entity_of(call), call.id("challenge_sid", "YC"), call.ctx.now)
    return challenge_resource(call, found)


@api.update("/{challenge_sid}")
async def update_challenge(call: Call, params: ChallengeAnswer) -> Fields:
    """Answer a challenge."""
    entity, challenge_id = await entity_of(call), call.id("challenge_sid", "YC")
    metadata = document("Metadata", params.metadata)
    answered = await actions.answer_challenge(call.ctx, entity, challenge_id, params.auth_payload, metadata)
    return challenge_resource(call, answered)


def _details(call: Call, params: ChallengeParams) -> Fields | None:
    if not params.message and not params.fields:
        return None
    fields = [document("Details.Fields", one) for one in params.fields]
    return {"message": params.message, "date": iso(call.ctx.now), "fields": fields}
