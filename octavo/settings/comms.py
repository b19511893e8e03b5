"""Settings of `products.comms`."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta


class CommsSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The communications API: how much its accounts may do."""

    carrier: Annotated[
        Literal["simulated"],
        Meta(description="Which carrier takes messages. The simulated one reaches virtual handsets only."),
    ] = "simulated"
    handset_days: Annotated[
        int, Meta(ge=1, description="Days that virtual handsets keep the messages that they got and sent.")
    ] = 30
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
    sender_rate: Annotated[
        float, Meta(gt=0, description="Segments that one sender may send in a second, as carriers hold long codes to.")
    ] = 1.0
    simulated_delay: Annotated[
        float,
        Meta(ge=0, description="Seconds until the simulated carrier delivers, where a handset says nothing else."),
    ] = 0.2
    simulation_seed: Annotated[
        str, Meta(description="Decides what gets lost and how long things take: the same word, the same run.")
    ] = "octavo"
