"""What the tests of this room start from."""

from tests.products.comms.servers import number, server, services, settings

__all__ = ["number", "server", "services", "settings"]
