"""The dialect: every resource, in one list."""

from octavo.kernel.http import Dialect
from octavo.products.comms.wire.twilio.accounts import auth_tokens, credentials, geo_permissions
from octavo.products.comms.wire.twilio.accounts import safelist as safe_numbers
from octavo.products.comms.wire.twilio.api import (
    accounts,
    addresses,
    applications,
    assigned_add_ons,
    available_phone_numbers,
    balance,
    incoming_phone_numbers,
    keys,
    media,
    messages,
    notifications,
    outgoing_caller_ids,
    tokens,
    usage_records,
    usage_triggers,
    validation_requests,
)
from octavo.products.comms.wire.twilio.api import short_codes as own_short_codes
from octavo.products.comms.wire.twilio.core import locate, render_refusal
from octavo.products.comms.wire.twilio.lookups import phone_numbers
from octavo.products.comms.wire.twilio.messaging import alpha_senders, compliance, deactivations, services, short_codes
from octavo.products.comms.wire.twilio.messaging import phone_numbers as pooled_numbers
from octavo.products.comms.wire.twilio.monitor import alerts, events
from octavo.products.comms.wire.twilio.pricing import prices
from octavo.products.comms.wire.twilio.verify import (
    attempts,
    challenges,
    entities,
    factors,
    messaging_configurations,
    rate_limits,
    safelist,
    templates,
    verifications,
    webhooks,
)
from octavo.products.comms.wire.twilio.verify import services as verify_services

# One line a resource, sorted by host and name.
RESOURCES = (
    auth_tokens.api,
    credentials.api,
    geo_permissions.api,
    safe_numbers.api,
    accounts.api,
    addresses.api,
    applications.api,
    assigned_add_ons.api,
    available_phone_numbers.api,
    balance.api,
    incoming_phone_numbers.api,
    media.api,
    keys.api,
    messages.api,
    notifications.api,
    outgoing_caller_ids.api,
    own_short_codes.api,
    tokens.api,
    usage_records.api,
    usage_triggers.api,
    validation_requests.api,
    phone_numbers.api,
    alpha_senders.api,
    compliance.api,
    deactivations.api,
    pooled_numbers.api,
    services.api,
    short_codes.api,
    alerts.api,
    events.api,
    prices.api,
    attempts.api,
    challenges.api,
    entities.api,
    factors.api,
    messaging_configurations.api,
    rate_limits.api,
    safelist.api,
    verify_services.api,
    templates.api,
    verifications.api,
    webhooks.api,
)

TWILIO = Dialect(
    name="twilio",
    routes=[route for resource in RESOURCES for route in resource.routes],
    render_refusal=render_refusal,
    locate=locate,
)
