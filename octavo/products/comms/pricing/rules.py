"""What one thing costs."""

from decimal import Decimal

from octavo.products.comms.number.rows import Kind
from octavo.products.comms.pricing.rows import Price, PriceList


def price_of_segment(prices: PriceList, country: str, *, inbound: bool = False, has_media: bool = False) -> Price:
    """One segment of a text, or a whole message with pictures, sent to or received from numbers of a country."""
    zone = prices.zone(country)
    ways = zone.picture if has_media else zone.message
    return Price(ways.inbound if inbound else ways.outbound, prices.currency)


def price_of_message(
    prices: PriceList, country: str, segments: int, *, inbound: bool = False, has_media: bool = False
) -> Price:
    """A whole message: text is paid by segment, a message with pictures once."""
    one = price_of_segment(prices, country, inbound=inbound, has_media=has_media)
    return Price(one.amount if has_media else one.amount * segments, one.currency)


def price_of_number(prices: PriceList, country: str, kind: Kind) -> Price | None:
    """A month of a number; None where the list has no price for such numbers."""
    amount = prices.zone(country).number.get(kind)
    return None if amount is None else Price(amount, prices.currency)


def price_of_minute(prices: PriceList, country: str, *, inbound: bool = False, kind: Kind = "local") -> Price:
    """A minute of a call to a country, or of one that came in on a number of that kind there."""
    call = prices.zone(country).call
    amount = (call.inbound_tollfree if kind == "tollfree" else call.inbound) if inbound else call.outbound
    return Price(amount, prices.currency)


def price_of_service(prices: PriceList, category: str) -> Price:
    """A lookup, a verification, or a gigabyte for a month; what the list does not name is free."""
    return Price(prices.services.get(category, Decimal(0)), prices.currency)


def written(amount: Decimal) -> str:
    """As text with at least two decimal places: `0.008` and `2.00`."""
    plain = f"{amount.normalize():f}"
    whole, _, rest = plain.partition(".")
    return f"{whole}.{rest:0<2}"
