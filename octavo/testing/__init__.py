"""A running Octavo with virtual handsets for your own test suite, as a pytest plugin.

    # conftest.py
    pytest_plugins = ["octavo.testing"]

    # test_shop.py
    def test_a_customer_hears_of_the_order(octavo):
        phone = octavo.handset("+14155550100")
        octavo.client.messages.create(to=phone.number, from_=octavo.number, body="It is on its way")
        assert phone.wait().body == "It is on its way"

Octavo starts once per test session, in a temporary directory and on free ports; every test has an account of its own.
It needs pytest and the official SDK, `twilio`, beside Octavo.
"""

from octavo.testing.fixtures import octavo, octavo_service, octavo_settings
from octavo.testing.handset import Handset
from octavo.testing.house import Octavo

__all__ = ["Handset", "Octavo", "octavo", "octavo_service", "octavo_settings"]
