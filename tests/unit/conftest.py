"""For unit tests: no network, no clock, and what was logged can be looked at."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from pytest_socket import disable_socket, enable_socket

from tests.unit.support.notes import Notes, listening

settings.register_profile(
    "unit",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("unit")


@pytest.fixture(autouse=True)
def no_network(request: pytest.FixtureRequest) -> Iterator[None]:
    """A unit test that opens a socket is not one; ``enable_socket`` marks the smoke test of the doubles."""
    if request.node.get_closest_marker("enable_socket") is None:
        disable_socket(allow_unix_socket=False)
    yield
    enable_socket()


@pytest.fixture
def notes() -> Iterator[Notes]:
    """What was noted during the test."""
    with listening() as heard:
        yield heard
