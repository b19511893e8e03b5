"""Who plays: the network and the device that a playback address can be bound to, so that it is of no use elsewhere."""

from ipaddress import IPv6Address, ip_address
from typing import Literal, TypeAlias, TypeVar

import msgspec

from octavo.kernel.http import Answer, Cookie, Request
from octavo.kernel.ids import new_secret
from octavo.settings import Settings

T = TypeVar("T")
Bond: TypeAlias = Literal["address", "device"]
COOKIE, HEADER = "octavo_device", b"x-octavo-device"
YEAR = 365 * 24 * 3600


class Viewer(msgspec.Struct, frozen=True):
    """`device` is a secret that only this browser or player has; `is_new` until its cookie is set."""

    address: str = ""
    device: str = ""
    is_new: bool = False


NOBODY = Viewer()


def viewer_of(request: Request) -> Viewer:
    """Players that keep no cookies say a secret of their own in the header `X-Octavo-Device`."""
    device = request.header(HEADER) or ""
    if not device and request.header(b"cookie"):
        device = request.cookies.get(COOKIE, "")
    return Viewer(request.address, device)


def viewer_to_grant(request: Request, settings: Settings) -> Viewer:
    """The same, with a device's secret where addresses are bound to devices and this one has none yet."""
    viewer = viewer_of(request)
    if "device" in settings.media.playback_bound_to and not viewer.device:
        return Viewer(viewer.address, new_secret(16), is_new=True)
    return viewer


def remembered(viewer: Viewer, answer: T) -> T | Answer:
    """The answer, with the device's cookie where it is new."""
    if not viewer.is_new:
        return answer
    return Answer(answer, cookies=(Cookie(COOKIE, viewer.device, max_age=YEAR),))


def bond(viewer: Viewer, to: tuple[Bond, ...]) -> str:
    """What a token's signature covers beside its words: equal for the same viewer, and never seen in the address."""
    parts = {"address": network(viewer.address), "device": viewer.device}
    return "\n".join(parts[one] for one in sorted(to))


def network(address: str) -> str:
    """The /24 or /48 of an address: phones and homes change theirs inside of it."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    kept = 24 if parsed.version == 4 else 48
    return f"{parsed.version}:{int(parsed) >> (parsed.max_prefixlen - kept)}"
