"""The texts that codes are sent in."""

from octavo.products.comms.paging import page_of
from octavo.products.comms.verify.template import TEMPLATES, WRITTEN_ON, Template
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params, iso

api = Api("verify", "/v2", style="v1")


class TemplateFilter(Params):
    friendly_name: str = ""


@api.list("/Templates", key="templates")
async def list_templates(call: Call, params: TemplateFilter) -> Listing:
    """The texts that codes are sent in."""
    found = [one for one in TEMPLATES.values() if params.friendly_name in ("", one.friendly_name)]
    return Listing(page_of(found, call.page), lambda one: template_resource(call, one))


def template_resource(call: Call, one: Template) -> Fields:
    return {
        "sid": one.sid,
        "account_sid": call.account_sid,
        "friendly_name": one.friendly_name,
        "channels": list(one.channels),
        "translations": {
            language: {
                "is_default_translation": language == "en",
                "status": "approved",
                "locale": language,
                "text": text,
                "date_updated": iso(WRITTEN_ON),
                "date_created": iso(WRITTEN_ON),
            }
            for language, text in one.texts.items()
        },
    }
