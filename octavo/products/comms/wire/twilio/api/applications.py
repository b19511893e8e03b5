"""Applications."""

from typing import Annotated

from msgspec import UNSET, Meta

from octavo.products.comms.application import actions, queries
from octavo.products.comms.application.rows import Application, ApplicationChanges, Method
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params, rfc2822

api = Api("api", "/2010-04-01/Accounts/{account_sid}/Applications", style="2010")
HttpMethod = Annotated[Method, Meta(extra={"code": 21403})]


class ApplicationParams(Params):
    """`sms_status_callback` is the old name of `message_status_callback`."""

    friendly_name: str | None = None
    api_version: str | None = None
    sms_url: str | None = None
    sms_method: HttpMethod | None = None
    sms_fallback_url: str | None = None
    sms_fallback_method: HttpMethod | None = None
    sms_status_callback: str | None = None
    message_status_callback: str | None = None
    voice_url: str | None = None
    voice_method: HttpMethod | None = None
    voice_fallback_url: str | None = None
    voice_fallback_method: HttpMethod | None = None
    voice_caller_id_lookup: bool | None = None
    status_callback: str | None = None
    status_callback_method: HttpMethod | None = None
    public_application_connect_enabled: bool | None = None

    def changes(self) -> ApplicationChanges:
        given = {
            name: value
            for name in ApplicationChanges.__struct_fields__
            if (value := getattr(self, name)) is not None and name != "message_status_callback"
        }
        named = self.sms_status_callback if self.message_status_callback is None else self.message_status_callback
        return ApplicationChanges(**given, message_status_callback=UNSET if named is None else named)


class ApplicationFilter(Params):
    friendly_name: str | None = None


def application_resource(application: Application, account_sid: str) -> Fields:
    return {
        "account_sid": account_sid,
        "api_version": application.api_version,
        "date_created": rfc2822(application.created_at),
        "date_updated": rfc2822(application.updated_at),
        "friendly_name": application.friendly_name,
        "message_status_callback": application.message_status_callback or None,
        "sid": application.sid,
        "sms_fallback_method": application.sms_fallback_method,
        "sms_fallback_url": application.sms_fallback_url or None,
        "sms_method": application.sms_method,
        "sms_status_callback": application.message_status_callback or None,
        "sms_url": application.sms_url or None,
        "status_callback": application.status_callback or None,
        "status_callback_method": application.status_callback_method,
        "uri": f"/2010-04-01/Accounts/{account_sid}/Applications/{application.sid}.json",
        "voice_caller_id_lookup": application.voice_caller_id_lookup,
        "voice_fallback_method": application.voice_fallback_method,
        "voice_fallback_url": application.voice_fallback_url or None,
        "voice_method": application.voice_method,
        "voice_url": application.voice_url or None,
        "public_application_connect_enabled": application.public_application_connect_enabled,
    }


@api.create("")
async def create_application(call: Call, params: ApplicationParams) -> Fields:
    """Make an application."""
    made = await actions.create_application(call.ctx, call.account, params.changes())
    return application_resource(made, call.account_sid)


@api.list("", key="applications")
async def list_applications(call: Call, params: ApplicationFilter) -> Listing:
    """The account's applications."""
    found = await queries.applications(call.db, call.account.id, call.page, friendly_name=params.friendly_name)
    return Listing(found, lambda one: application_resource(one, call.account_sid))


@api.fetch("/{application_sid}")
async def fetch_application(call: Call) -> Fields:
    """One application."""
    found = await queries.application(call.db, call.account.id, call.id("application_sid", "AP"))
    return application_resource(found, call.account_sid)


@api.update("/{application_sid}")
async def update_application(call: Call, params: ApplicationParams) -> Fields:
    """Change an application."""
    application_id = call.id("application_sid", "AP")
    changed = await actions.change_application(call.ctx, call.account, application_id, params.changes())
    return application_resource(changed, call.account_sid)


@api.delete("/{application_sid}")
async def delete_application(call: Call) -> None:
    """Take an application away."""
    await actions.delete_application(call.ctx, call.account, call.id("application_sid", "AP"))
