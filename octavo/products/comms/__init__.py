"""Communications: messages, numbers and accounts, spoken in the protocol of the official Twilio SDKs.

Rooms own the nouns; `wire/twilio` speaks the vendor's dialect over the same actions as our own API and the console.
"""

from pathlib import Path

from octavo.kernel.module import NavItem, PersonalData, Product
from octavo.products.comms.commands import commands
from octavo.products.comms.console import routes as console
from octavo.products.comms.wire.twilio.dialect import TWILIO

PRODUCT = Product(
    name="comms",
    title="Communications",
    summary="Messages and numbers by an API your code already speaks, on your own machine.",
    home="/comms",
    icon="message-square-text",
    nav=(NavItem(label="Accounts", href="/comms", icon="key-round"),),
    routes=(*console.pages.routes,),
    dialects=(TWILIO,),
    migrations=Path(__file__).parent / "migrations",
    commands=commands,
    personal_data=(
        PersonalData(
            table="comms.account",
            person="owner_id",
            purpose="to know whose account of the communications API it is",
            erase="anonymise",
        ),
    ),
)
