"""What all resources of the vendor's protocol share: how a call is read, who may make it, and how it is answered."""

from octavo.products.comms.wire.twilio.core._api import Api
from octavo.products.comms.wire.twilio.core._call import Call
from octavo.products.comms.wire.twilio.core._dates import iso, rfc2822
from octavo.products.comms.wire.twilio.core._lists import Listing
from octavo.products.comms.wire.twilio.core._moments import A_DAY, end_of, first_moment
from octavo.products.comms.wire.twilio.core._params import Fields, Params
from octavo.products.comms.wire.twilio.core._place import locate
from octavo.products.comms.wire.twilio.core._refusals import render_refusal

__all__ = [
    "A_DAY",
    "Api",
    "Call",
    "Fields",
    "Listing",
    "Params",
    "end_of",
    "first_moment",
    "iso",
    "locate",
    "render_refusal",
    "rfc2822",
]
