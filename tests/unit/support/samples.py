"""What vendors print on their own pages, byte for byte."""

import json
from typing import Any

from tests.unit.support.root import EVENTS


def load(*path: str) -> Any:
    """One sample of ``events/``."""
    return json.loads(EVENTS.joinpath(*path).read_text(encoding="utf-8"))


SEED_CALLBACK: bytes = load("api", "receive_callback.vendor-page-sample.json")["body"].encode()
"""The callback of Shumei's v2 page, with its trailing commas."""
