"""Webhooks: where an account is told of factors and challenges."""

from octavo.products.comms.sids import sid
from octavo.products.comms.verify.service.queries import service
from octavo.products.comms.verify.webhook import actions, queries
from octavo.products.comms.verify.webhook.rows import Status, Version, Webhook, WebhookChanges
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params, iso

api = Api("verify", "/v2/Services/{service_sid}/Webhooks", style="v1")


class WebhookParams(Params):
    friendly_name: str | None = None
    event_types: list[str] = []
    webhook_url: str | None = None
    status: Status | None = None
    version: Version | None = None


def webhook_resource(call: Call, one: Webhook) -> Fields:
    service_sid = sid("VA", one.service_id)
    return {
        "sid": one.sid,
        "service_sid": service_sid,
        "account_sid": call.account_sid,
        "friendly_name": one.friendly_name,
        "event_types": one.event_types,
        "status": one.status,
        "version": one.version,
        "webhook_url": one.webhook_url,
        "webhook_method": "POST",
        "date_created": iso(one.created_at),
        "date_updated": iso(one.updated_at),
        "url": f"{call.base}/v2/Services/{service_sid}/Webhooks/{one.sid}",
    }


@api.create("")
async def create_webhook(call: Call, params: WebhookParams) -> Fields:
    """Be told of what happens in a service."""
    service_id = call.id("service_sid", "VA")
    return webhook_resource(call, await actions.create_webhook(call.ctx, call.account, service_id, _changes(params)))


@api.list("", key="webhooks")
async def list_webhooks(call: Call) -> Listing:
    """The webhooks of a service."""
    found = await service(call.db, call.account.id, call.id("service_sid", "VA"))
    page = await queries.webhooks(call.db, call.account.id, found.id, call.page)
    return Listing(page, lambda one: webhook_resource(call, one))


@api.fetch("/{webhook_sid}")
async def fetch_webhook(call: Call) -> Fields:
    """One webhook."""
    service_id, webhook_id = call.id("service_sid", "VA"), call.id("webhook_sid", "YW")
    return webhook_resource(call, await queries.webhook(call.db, call.account.id, service_id, webhook_id))


@api.update("/{webhook_sid}")
async def update_webhook(call: Call, params: WebhookParams) -> Fields:
    """Change a webhook."""
    service_id, webhook_id = call.id("service_sid", "VA"), call.id("webhook_sid", "YW")
    changed = await actions.change_webhook(call.ctx, call.account, service_id, webhook_id, _changes(params))
    return webhook_resource(call, changed)


@api.delete("/{webhook_sid}")
async def delete_webhook(call: Call) -> None:
    """Be told no more."""
    service_id, webhook_id = call.id("service_sid", "VA"), call.id("webhook_sid", "YW")
    await actions.delete_webhook(call.ctx, call.account, service_id, webhook_id)


def _changes(params: WebhookParams) -> WebhookChanges:
    return WebhookChanges(
        friendly_name=params.friendly_name,
        event_types=params.event_types or None,
        webhook_url=params.webhook_url,
        status=params.status,
        version=params.version,
    )
