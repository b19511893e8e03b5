"""Files of messages: their resources, and, at the same address without `.json`, their bytes."""

from msgspec import field

from octavo.kernel.http import Redirect, Route
from octavo.products.comms.media import actions, queries
from octavo.products.comms.media.links import token_for
from octavo.products.comms.media.routes import holders, open_media
from octavo.products.comms.media.rows import Media
from octavo.products.comms.message.queries import message as find_message
from octavo.products.comms.wire.twilio.core import (
    A_DAY,
    Api,
    Call,
    Fields,
    Listing,
    Params,
    end_of,
    first_moment,
    rfc2822,
)

api = Api("api", "/2010-04-01/Accounts/{account_sid}/Messages/{message_sid}/Media", style="2010")


class MediaFilter(Params):
    date_created: str = ""
    date_created_before: str = field(name="DateCreated<", default="")
    date_created_after: str = field(name="DateCreated>", default="")


def media_resource(media: Media, account_sid: str, message_sid: str) -> Fields:
    return {
        "account_sid": account_sid,
        "content_type": media.content_type,
        "date_created": rfc2822(media.created_at),
        "date_updated": rfc2822(media.updated_at),
        "parent_sid": message_sid,
        "sid": media.sid,
        "uri": f"/2010-04-01/Accounts/{account_sid}/Messages/{message_sid}/Media/{media.sid}.json",
    }


@api.list("", key="media_list")
async def list_media(call: Call, params: MediaFilter) -> Listing:
    """The files of a message."""
    found = await find_message(call.db, call.account.id, call.id("message_sid", "SM", "MM"))
    # A file's day counts, whatever hour is named.
    since, before = params.date_created_after or params.date_created, params.date_created_before or params.date_created
    listed = await queries.media_page(
        call.db,
        call.account.id,
        found.id,
        call.page,
        since=first_moment("DateCreated", since[:A_DAY]),
        before=end_of("DateCreated", before[:A_DAY]),
    )
    return Listing(listed, lambda one: media_resource(one, call.account_sid, call.path["message_sid"]))


@api.fetch("/{media_sid}")
async def fetch_media(call: Call) -> Fields | Redirect:
    """One file: what is known of it, or, without `.json`, the way to its bytes."""
    found = await _media(call)
    if call.as_json:
        return media_resource(found, call.account_sid, call.path["message_sid"])
    return Redirect(f"/media/{token_for(call.ctx.settings, found, call.ctx.now)}", status=307)


@api.delete("/{media_sid}")
async def delete_media(call: Call) -> None:
    """Forget a file."""
    found = await _media(call)
    await actions.delete_media(call.ctx, call.account, found.message_id, found.id)


async def _media(call: Call) -> Media:
    message_id, media_id = call.id("message_sid", "SM", "MM"), call.id("media_sid", "ME")
    return await queries.media(call.db, call.account.id, message_id, media_id)


api.routes.append(
    Route(
        method="GET",
        path="/api/media/{token}",
        handler=open_media,
        product="comms",
        access=holders,
        summary="The bytes of a file",
        documented=False,
    )
)
