"""The dialect: every resource, in one list."""

from octavo.kernel.http import Dialect
from octavo.products.comms.wire.twilio.api import (
    accounts,
    addresses,
    applications,
    available_phone_numbers,
    incoming_phone_numbers,
    messages,
    outgoing_caller_ids,
    validation_requests,
)
from octavo.products.comms.wire.twilio.core import locate, render_refusal
from octavo.products.comms.wire.twilio.lookups import phone_numbers
from octavo.products.comms.wire.twilio.messaging import alpha_senders, services, short_codes
from octavo.products.comms.wire.twilio.messaging import phone_numbers as pooled_numbers
from octavo.products.comms.wire.twilio.pricing import prices

# One line a resource, sorted by host and name.
RESOURCES = (
    accounts.api,
    addresses.api,
    applications.api,
    available_phone_numbers.api,
    incoming_phone_numbers.api,
    messages.api,
    outgoing_caller_ids.api,
    validation_requests.api,
    phone_numbers.api,
    alpha_senders.api,
    pooled_numbers.api,
    services.api,
    short_codes.api,
    prices.api,
)

TWILIO = Dialect(
    name="twilio",
    routes=[route for resource in RESOURCES for route in resource.routes],
    render_refusal=render_refusal,
    locate=locate,
)
