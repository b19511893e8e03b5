"""Settings of `products.comms`."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta


class CommsSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The communications API: how much its accounts may do."""

    alpha_sender_rate: Annotated[
        float, Meta(gt=0, description="Segments that one name (an alphanumeric sender) may send in a second.")
    ] = 10.0
    api_url: Annotated[
        str,
        Meta(
            pattern=r"^https?://[^/\s]+$",
            description="Where your servers reach the API: it begins the `MediaUrl` of messages that come in. "
            "The vendor's own address works through `octavo comms proxy`.",
        ),
    ] = "https://api.twilio.com"
    carrier: Annotated[
        Literal["simulated", "smpp", "http"],
        Meta(description="Which carrier takes messages. The simulated one reaches virtual handsets only."),
    ] = "simulated"
    doubtful: Annotated[
        Literal["fail", "resend"],
        Meta(
            description="What becomes of a message of which nobody can say whether a carrier has it: it fails (30008), "
            "or is sent again, and may arrive twice."
        ),
    ] = "fail"
    carrier_routes: Annotated[
        tuple[str, ...],
        Meta(description="Other carriers for some recipients, each as `+44=smpp`; the longest beginning decides."),
    ] = ()
    handset_days: Annotated[
        int, Meta(ge=1, description="Days that virtual handsets keep the messages that they got and sent.")
    ] = 30
    ice_secret: Annotated[
        str, Meta(description="Secret that the TURN servers share with Octavo.", extra={"secret": True})
    ] = ""
    ice_urls: Annotated[
        tuple[str, ...],
        Meta(description="STUN and TURN servers that clients of calls use, such as `turn:turn.example.org:3478`."),
    ] = ()
    media_quota: Annotated[int, Meta(ge=0, description="Bytes that the media of one account's messages may take.")] = (
        10 * 1024**3
    )
    media_seconds: Annotated[
        float, Meta(gt=0, le=40, description="Seconds that a server has to hand over one file of a message.")
    ] = 20.0
    number_seed: Annotated[
        str, Meta(description="Which simulated numbers are for sale: the same word gives the same numbers.")
    ] = "octavo"
    price_list: Annotated[
        str,
        Meta(description="A YAML file with your own prices, in the form of octavo/products/comms/pricing/prices.yaml."),
    ] = ""
    proxy_port: Annotated[
        Annotated[int, Meta(ge=0, le=65535)] | None,
        Meta(
            description="Port on which `octavo up` runs the proxy of `octavo comms proxy` as well; 0 takes a free one. "
            "Without it there is none.",
        ),
    ] = None
    queue_seconds: Annotated[
        int,
        Meta(ge=1, description="How long a sender's queue may become; messages beyond it fail with 30001."),
    ] = 36_000
    requests_per_second: Annotated[
        int, Meta(ge=1, description="Calls of the API that one account may make in a second; more are answered 429.")
    ] = 500
    sender_rate: Annotated[
        float, Meta(gt=0, description="Segments that one sender may send in a second, as carriers hold long codes to.")
    ] = 1.0
    short_code_rate: Annotated[float, Meta(gt=0, description="Segments that one short code may send in a second.")] = (
        100.0
    )
    simulated_delay: Annotated[
        float,
        Meta(ge=0, description="Seconds until the simulated carrier delivers, where a handset says nothing else."),
    ] = 0.2
    simulation_seed: Annotated[
        str, Meta(description="Decides what gets lost and how long things take: the same word, the same run.")
    ] = "octavo"
    toll_free_rate: Annotated[
        float, Meta(gt=0, description="Segments that one toll-free number may send in a second.")
    ] = 3.0
    starting_balance: Annotated[
        int, Meta(description="What an account's balance shows before it has used anything, in units of its currency.")
    ] = 100
    verify_keep_days: Annotated[
        int,
        Meta(ge=1, description="Days that verifications are kept, with the numbers and addresses that they were for."),
    ] = 30
    verify_sender: Annotated[
        str, Meta(description="The number or name that codes go out from where an account has no number for texts.")
    ] = "Octavo"
    verify_test_code: Annotated[
        str,
        Meta(
            pattern=r"^([0-9A-Za-z]{4,10})?$",
            description="For tests: the code of every verification. Blank, as it must be elsewhere, makes random ones.",
        ),
    ] = ""
    smpp_lines: Annotated[
        str, Meta(description="A YAML file with the lines to carriers that speak SMPP 3.4, and how each is spoken to.")
    ] = ""

    def __post_init__(self) -> None:
        for route in self.carrier_routes:
            beginning, _, carrier = route.partition("=")
            if not beginning.startswith("+") or carrier not in ("simulated", "smpp", "http"):
                raise ValueError(f"carrier_routes: {route!r} must be written as +44=smpp")
