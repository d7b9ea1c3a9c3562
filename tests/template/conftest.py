"""One performance for all tests that look at what the functions do."""

from __future__ import annotations

import pytest
from moto import mock_aws

from tests.template import scenario
from tests.template.account import open_account
from tests.template.bundle import fake_aws
from tests.template.scenario import Stage


@pytest.fixture(scope="session")
def stage() -> Stage:
    """The functions after :func:`tests.template.scenario.play`; the account behind them is gone."""
    with fake_aws(), mock_aws():
        return scenario.play(open_account(scenario.PLAN))
