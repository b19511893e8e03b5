"""Settings of `products.comms`."""

from typing import Annotated

import msgspec
from msgspec import Meta


class CommsSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The communications API: how much its accounts may do."""

    number_seed: Annotated[
        str, Meta(description="Which simulated numbers are for sale: the same word gives the same numbers.")
    ] = "octavo"
    price_list: Annotated[
        str,
        Meta(description="A YAML file with your own prices, in the form of octavo/products/comms/pricing/prices.yaml."),
    ] = ""
    requests_per_second: Annotated[
        int, Meta(ge=1, description="Calls of the API that one account may make in a second; more are answered 429.")
    ] = 500
