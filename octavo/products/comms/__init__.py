"""Communications: messages, numbers and accounts, spoken in the protocol of the official Twilio SDKs.

Rooms own the nouns; `wire/twilio` speaks the vendor's dialect over the same actions as our own API and the console.
"""

from pathlib import Path

from octavo.kernel.article import dialect
from octavo.kernel.events import Consumer
from octavo.kernel.module import NavItem, PersonalData, Product, Service
from octavo.products.comms.callback.sender import register
from octavo.products.comms.caller_id import jobs as caller_id_jobs
from octavo.products.comms.carrier.http.routes import gateway
from octavo.products.comms.carrier.simulated import jobs as simulated_jobs
from octavo.products.comms.carrier.simulated.service import run_simulated_carrier
from octavo.products.comms.carrier.smpp.service import run_smpp
from octavo.products.comms.commands import commands
from octavo.products.comms.console import routes as console
from octavo.products.comms.console.caller_ids import routes as console_caller_ids
from octavo.products.comms.console.calls import routes as console_calls
from octavo.products.comms.console.guard import routes as console_guard
from octavo.products.comms.console.keys import routes as console_keys
from octavo.products.comms.console.messages import routes as console_messages
from octavo.products.comms.console.numbers import routes as console_numbers
from octavo.products.comms.console.start import routes as console_start
from octavo.products.comms.console.twiml import routes as console_twiml
from octavo.products.comms.console.usage import routes as console_usage
from octavo.products.comms.console.webhooks import routes as console_webhooks
from octavo.products.comms.guard import jobs as guard_jobs
from octavo.products.comms.inbound.cookie import jobs as cookie_jobs
from octavo.products.comms.media import jobs as media_jobs
from octavo.products.comms.media import routes as media_routes
from octavo.products.comms.media.service import run_media
from octavo.products.comms.message import jobs as message_jobs
from octavo.products.comms.message import routes as message_routes
from octavo.products.comms.message.dispatch.service import run_dispatch
from octavo.products.comms.message_search import routes as message_search
from octavo.products.comms.message_search.service import run_message_search
from octavo.products.comms.monitor import jobs as monitor_jobs
from octavo.products.comms.number import jobs as number_jobs
from octavo.products.comms.number.actions import release_of_closed
from octavo.products.comms.number.events import AccountClosedSeen
from octavo.products.comms.phone import behaviour as phone_behaviour
from octavo.products.comms.phone import routes as phone
from octavo.products.comms.plain import routes as plain
from octavo.products.comms.sealed import SEALED
from octavo.products.comms.usage import jobs as usage_jobs
from octavo.products.comms.verify import jobs as verify_jobs
from octavo.products.comms.wire.twilio.dialect import TWILIO

register()

PRODUCT = Product(
    name="comms",
    title="Comms",
    summary="Messages and numbers by an API your code already speaks, on your own machine.",
    home="/comms",
    icon="message-square-text",
    nav=(
        NavItem(label="Accounts", href="/comms", icon="layers"),
        NavItem(label="Messages", href="/comms/messages", icon="message-square-text"),
        NavItem(label="Numbers", href="/comms/numbers", icon="phone"),
        NavItem(label="Phones", href="/comms/phone", icon="smartphone"),
        NavItem(label="Webhooks", href="/comms/webhooks", icon="webhook"),
    ),
    routes=(
        *message_search.api.routes,
        *console.pages.routes,
        *gateway.routes,
        *console_guard.pages.routes,
        *console_keys.pages.routes,
        *console_messages.pages.routes,
        *console_caller_ids.pages.routes,
        *console_calls.pages.routes,
        *console_numbers.pages.routes,
        *console_start.pages.routes,
        *console_twiml.pages.routes,
        *console_usage.pages.routes,
        *console_webhooks.pages.routes,
        *media_routes.files.routes,
        *message_routes.api.routes,
        *phone.pages.routes,
        *phone_behaviour.pages.routes,
    ),
    dialects=(TWILIO, dialect(plain.api.routes)),
    jobs=(
        caller_id_jobs.end_validation_requests,
        cookie_jobs.forget_cookies,
        media_jobs.count_media_storage,
        media_jobs.forget_files,
        media_jobs.sweep_media,
        message_jobs.reseal_all_bodies,
        message_jobs.seal_texts,
        number_jobs.count_number_months,
        simulated_jobs.forget_simulated,
        usage_jobs.fire_usage_triggers,
        usage_jobs.roll_up_usage,
        verify_jobs.expire_due_verifications,
        monitor_jobs.forget_alerts,
        guard_jobs.forget_refusals,
        guard_jobs.look_for_fraud,
    ),
    schedules=(
        caller_id_jobs.END_SCHEDULE,
        cookie_jobs.FORGET_SCHEDULE,
        media_jobs.COUNT_SCHEDULE,
        media_jobs.SWEEP_SCHEDULE,
        message_jobs.RESEAL_SCHEDULE,
        number_jobs.MONTHS_SCHEDULE,
        simulated_jobs.FORGET_SCHEDULE,
        usage_jobs.FIRE_SCHEDULE,
        usage_jobs.ROLL_UP_SCHEDULE,
        verify_jobs.EXPIRE_SCHEDULE,
        monitor_jobs.FORGET_SCHEDULE,
        guard_jobs.FORGET_SCHEDULE,
        guard_jobs.WATCH_SCHEDULE,
    ),
    consumers=(
        Consumer("comms.release_numbers", on="comms.account_closed", takes=AccountClosedSeen, handle=release_of_closed),
    ),
    services=(
        Service("comms.dispatch", run_dispatch, process="carrier"),
        Service("comms.media", run_media),
        Service("comms.message_search", run_message_search),
        Service("comms.simulated_carrier", run_simulated_carrier, process="carrier"),
        Service("comms.smpp", run_smpp, process="carrier"),
    ),
    migrations=Path(__file__).parent / "migrations",
    commands=commands,
    sealed=SEALED,
    personal_data=(
        PersonalData(
            table="comms.account",
            person="owner_id",
            purpose="to know whose account of the communications API it is",
            erase="anonymise",
        ),
        PersonalData(
            table="comms.guard_refusal",
            person="recipient",
            purpose="to show an account whom its guard let nothing through to",
            erase="forgotten by itself after a month",
        ),
        PersonalData(
            table="comms.number",
            person="user_id",
            purpose="to know which person a number of an account was given to",
            erase="anonymise",
        ),
        PersonalData(
            table="comms.plain_user",
            person="user_id",
            purpose="to know the person by the id that a client of the plain REST paths gave them",
            erase="delete",
        ),
        PersonalData(
            table="comms.user_message",
            person="user_id",
            purpose="to show people what they wrote to each other",
            erase="delete",
        ),
        PersonalData(
            table="comms.verification",
            person="recipient",
            purpose="to prove that a person has a number or an address, and to stop guessing",
            erase="deleted after some days, whoever it was for",
        ),
        PersonalData(
            table="comms.verification_attempt",
            person="recipient",
            purpose="to show an account which codes came back",
            erase="deleted with its verification",
        ),
        PersonalData(
            table="comms.verify_entity",
            person="identity",
            purpose="to ask a person for codes of their devices, under the name that the account has for them",
            erase="deleted when the account asks, as only it knows whose name it is",
        ),
        PersonalData(
            table="comms.verify_safe_number",
            person="number",
            purpose="to let codes through to numbers that an account trusts",
            erase="deleted when the account asks, as only it knows whose number it is",
        ),
    ),
)
