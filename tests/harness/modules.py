"""The modules whose schemas tests get, found by their folders, so that a test of one room imports no other."""

from pathlib import Path

import octavo
from tests.harness.databases import Folder

# Later ones may refer to earlier ones: subject is referred to by media and the products.
_KERNEL_ORDER = ("http", "events", "jobs", "callbacks", "identity", "subject", "mail", "media", "search")
_PRODUCT_ORDER = ("video", "comms")


def modules() -> list[Folder]:
    """Every package with a migrations folder: the kernel in its order, then the products."""
    root = Path(octavo.__file__).parent
    kernel = sorted(root.glob("kernel/*/migrations"), key=lambda path: _rank(path.parent.name))
    products = sorted(root.glob("products/*/migrations"), key=lambda path: _PRODUCT_ORDER.index(path.parent.name))
    return [Folder(path.parent.name, path) for path in (*kernel, *products)]


def _rank(name: str) -> tuple[int, str]:
    return (_KERNEL_ORDER.index(name) if name in _KERNEL_ORDER else len(_KERNEL_ORDER), name)
