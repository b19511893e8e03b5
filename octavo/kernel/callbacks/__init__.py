"""Callbacks: signed requests to the servers of those who use a product, delivered at least once and in order."""

from octavo.kernel.callbacks._personal import opened_listed, seal_fields
from octavo.kernel.callbacks._sender import Form, Sender, Signed, register_sender
from octavo.kernel.callbacks._service import run_callbacks
from octavo.kernel.callbacks.actions import forget, forget_answers, forget_old, replay, send, send_many
from octavo.kernel.callbacks.queries import attempts, deliveries, delivery
from octavo.kernel.callbacks.rows import Attempt, Callback, Delivery, ListedDelivery, Reason

__all__ = [
    "Attempt",
    "Callback",
    "Delivery",
    "Form",
    "ListedDelivery",
    "Reason",
    "Sender",
    "Signed",
    "attempts",
    "deliveries",
    "delivery",
    "forget",
    "forget_answers",
    "forget_old",
    "opened_listed",
    "register_sender",
    "replay",
    "run_callbacks",
    "seal_fields",
    "send",
    "send_many",
]
