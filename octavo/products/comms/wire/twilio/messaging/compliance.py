"""What carriers and other channels want to know of a service. Here nobody asks, so nothing is registered."""

from octavo.products.comms.paging import Slice
from octavo.products.comms.service import queries
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing

api = Api("messaging", "/v1/Services/{service_sid}", style="v1")

# What a campaign may be for: code, name, description, and whether carriers look at it again afterwards.
USECASES = (
    ("2FA", "Two-factor authentication", "Codes for signing in and for new passwords.", False),
    ("ACCOUNT_NOTIFICATION", "Account notification", "Reminders and notices about an account.", False),
    ("CUSTOMER_CARE", "Customer care", "Conversations with those who look after customers.", False),
    ("DELIVERY_NOTIFICATION", "Delivery notification", "Where a parcel is.", False),
    ("FRAUD_ALERT", "Fraud alert", "Warnings of what somebody else may be doing.", False),
    ("MARKETING", "Marketing", "Offers to people who asked for them.", False),
    ("MIXED", "Mixed", "Several of these at once.", False),
    ("POLLING_VOTING", "Polls and votes", "Questions with answers to choose from.", False),
)


@api.list("/Compliance/Usa2p", key="compliance")
async def list_campaigns(call: Call) -> Listing:
    """None."""
    return await _none(call)


@api.fetch("/Compliance/Usa2p/Usecases")
async def fetch_usecases(call: Call) -> Fields:
    """What a campaign may be for."""
    await queries.service(call.db, call.account.id, call.id("service_sid", "MG"))
    return {
        "us_app_to_person_usecases": [
            {"code": code, "name": name, "description": description, "post_approval_required": is_looked_at_again}
            for code, name, description, is_looked_at_again in USECASES
        ]
    }


@api.list("/ChannelSenders", key="senders")
async def list_channel_senders(call: Call) -> Listing:
    """Senders on other channels than text messages: none."""
    return await _none(call)


async def _none(call: Call) -> Listing:
    await queries.service(call.db, call.account.id, call.id("service_sid", "MG"))
    return Listing(Slice([]), dict)
