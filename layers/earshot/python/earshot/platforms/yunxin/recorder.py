"""Which uids are our recorders'."""

from collections.abc import Mapping
from typing import Any

from earshot.platforms.recorders import in_range


def is_recorder(options: Mapping[str, Any], user_id: str | int) -> bool:
    """Whether the uid is of the plan's reserved range."""
    return in_range(options["recorder_uid_base"], options["recorder_uid_count"], user_id)
