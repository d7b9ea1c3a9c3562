"""Nobody enters a plain address."""

from collections.abc import Mapping
from typing import Any


def is_recorder(options: Mapping[str, Any], user_id: str | int) -> bool:
    """Never: an address has no participants."""
    del options, user_id
    return False
