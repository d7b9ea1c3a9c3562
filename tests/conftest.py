"""For every test: the real environment is gone, and the AWS credentials that are left open nothing."""

import os
from collections.abc import Iterator

import pytest

KEPT = frozenset({"PATH", "HOME", "TMPDIR", "TEMP", "TMP", "LANG", "TZ", "USER", "SHELL", "TERM"})
KEPT_PREFIXES = ("LC_", "PYTEST_", "PYTHON", "COV", "HYPOTHESIS_")

FAKE_AWS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_SECURITY_TOKEN": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


@pytest.fixture(autouse=True, scope="session")
def planted_environment() -> Iterator[None]:
    """A test that passes only on its author's machine, or that reaches an account, fails here.

    Before every other fixture, so that what a wider fixture plants for its tests stays planted.
    """
    with pytest.MonkeyPatch.context() as environment:
        for name in list(os.environ):
            if name not in KEPT and not name.startswith(KEPT_PREFIXES):
                environment.delenv(name)
        for name, value in FAKE_AWS.items():
            environment.setenv(name, value)
        yield
