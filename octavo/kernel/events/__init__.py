"""What happened, told once and in order: an outbox, one relay, consumers with offsets, live signals for pages."""

from octavo.kernel.events._consumer import Consumer
from octavo.kernel.events._relay import Relay
from octavo.kernel.events._signals import Signals
from octavo.kernel.events._wakes import wake, wake_after
from octavo.kernel.events.actions import emit, retry_parked
from octavo.kernel.events.rows import Event

__all__ = ["Consumer", "Event", "Relay", "Signals", "emit", "retry_parked", "wake", "wake_after"]
