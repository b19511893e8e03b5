"""A context with cheap password hashes for every test of identity."""

from dataclasses import replace

import pytest

from octavo.kernel.clock import now
from octavo.kernel.context import SYSTEM, Context, Engines
from tests.kernel.identity.people import cheap


@pytest.fixture
def ctx(engines: Engines) -> Context:
    return Context(actor=SYSTEM, now=now(), engines=replace(engines, settings=cheap(engines.settings)))
