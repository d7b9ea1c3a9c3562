"""ZEGO's audit robots choose their own ids and are known by their role (4), which its events tell."""

from collections.abc import Mapping
from typing import Any


def is_recorder(options: Mapping[str, Any], user_id: str | int) -> bool:
    """Never by the id: an IdentifyToken names nobody."""
    del options, user_id
    return False
