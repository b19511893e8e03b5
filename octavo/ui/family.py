"""The eight products, whether they are built or planned."""

from collections.abc import Mapping, Sequence

import msgspec

from octavo.kernel.module import Product


class Leaf(msgspec.Struct, frozen=True, kw_only=True):
    """One of the eight as pages show it. `home` is empty while it is planned."""

    name: str
    title: str
    summary: str
    icon: str
    home: str = ""

    @property
    def ready(self) -> bool:
        return bool(self.home)


PLANNED = (
    Leaf(name="video", title="Video", summary="Films and series, from upload to screen", icon="clapperboard"),
    Leaf(name="comms", title="Comms", summary="Calls and messages for programs", icon="phone-call"),
    Leaf(name="bank", title="Bank", summary="An account, cards and savings", icon="landmark"),
    Leaf(name="dating", title="Dating", summary="Meet people near you", icon="heart"),
    Leaf(name="market", title="Market", summary="Shops, carts and safe payment", icon="store"),
    Leaf(name="chat", title="Chat", summary="Talk to one person or to thousands", icon="message-circle"),
    Leaf(name="resale", title="Resale", summary="Sell what others make, with your margin", icon="share-2"),
    Leaf(name="board", title="Board", summary="Communities, posts and good threads", icon="messages-square"),
)


def family(built: Mapping[str, Product]) -> Sequence[Leaf]:
    """All eight in their fixed order; a built product speaks for itself."""
    return tuple(_as_built(built[leaf.name]) if leaf.name in built else leaf for leaf in PLANNED)


def _as_built(product: Product) -> Leaf:
    return Leaf(name=product.name, title=product.title, summary=product.summary, icon=product.icon, home=product.home)
