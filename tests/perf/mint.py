"""CPU of one credential per platform, its API answering at once: derivation, signing, reading the answer."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from unittest import mock

from earshot import http_client
from earshot.platforms import registry

from tests.contract.platform_samples import SAMPLES, asked, connected

WARM_UP, ROUNDS, MINTS = 20, 15, 20


def measure() -> Mapping[str, float]:
    """Seconds of CPU for one credential, the median of rounds."""
    return {name: _one(name) for name in sorted(registry.PLATFORMS)}


def _one(name: str) -> float:
    platform, request = connected(name), asked(name)
    answer = http_client.Answer(200, SAMPLES[name].answer or b"")
    with mock.patch.object(http_client, "call", return_value=answer):
        for _ in range(WARM_UP):
            platform.mint(request)
        return statistics.median(_round(lambda: platform.mint(request)) for _ in range(ROUNDS))


def _round(mint: Callable[[], object]) -> float:
    began = time.process_time()
    for _ in range(MINTS):
        mint()
    return (time.process_time() - began) / MINTS
