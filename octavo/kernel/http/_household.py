"""Which network addresses count as one visitor."""

from ipaddress import ip_address, ip_network


def household(address: str) -> str:
    """The address itself, or of an IPv6 one its /64, in which a subscriber moves freely.

    An IPv4 address that a socket for both kinds shows as `::ffff:192.0.2.1` is that IPv4 address, because one network
    of 64 bits holds them all. What is no address comes back as it is.
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))
