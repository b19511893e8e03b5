"""Tests of a group share one process, and so what is costly to start."""

import pytest


@pytest.mark.xdist_group("together")
def test_a_test_has_its_group_in_the_id_by_which_tests_are_spread(request: pytest.FixtureRequest) -> None:
    is_spread_by_groups = bool(request.config.getoption("loadgroup", False))
    assert request.node.nodeid.endswith("@together") == is_spread_by_groups
