"""The environment that child processes get."""

from __future__ import annotations

import os
from collections.abc import Mapping

REGION = "us-east-1"
LOOPBACK = "127.0.0.1"


def clean(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The caller's environment without anything that could lead to a real AWS account or past the loopback.

    Every ``AWS_*`` variable goes (profiles, sessions, endpoints); a proxy must not be asked for 127.0.0.1.
    """
    kept = {name: value for name, value in environ.items() if not name.startswith(("AWS_", "MAKE", "MFLAGS"))}
    for name in ("NO_PROXY", "no_proxy"):
        kept[name] = ",".join(filter(None, [kept.get(name), LOOPBACK, "localhost"]))
    # Whoever runs us from a virtual environment, or with a module path, does not mean our children.
    for name in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"):
        kept.pop(name, None)
    return kept


def for_aws(endpoint_url: str, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The clean environment of an AWS client of the emulator; the credentials are accepted and mean nothing."""
    return clean(environ) | {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
