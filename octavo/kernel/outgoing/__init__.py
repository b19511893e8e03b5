"""Outgoing requests to addresses that users gave: guarded, bounded in size and time, over connections kept open."""

from octavo.kernel.outgoing._client import Fetched, Outgoing, Stream, close_outgoing, outgoing
from octavo.kernel.outgoing._failures import Failed, TooMuch
from octavo.kernel.outgoing._guard import AddressRefused

__all__ = ["AddressRefused", "Failed", "Fetched", "Outgoing", "Stream", "TooMuch", "close_outgoing", "outgoing"]
