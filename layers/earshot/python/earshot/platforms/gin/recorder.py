"""Which users are our recorders."""

from collections.abc import Mapping
from typing import Any


def is_recorder(options: Mapping[str, Any], user_id: str | int) -> bool:
    """Whether the name begins with the plan's reserved prefix."""
    return str(user_id).startswith(options["recorder_user_prefix"])
