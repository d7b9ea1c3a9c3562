"""The plan's settings for Volcengine RTC."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from earshot.platforms.option_types import DAY_S, Prefix, Strict

MAX_LIFE_S = 30 * DAY_S
"""Ours: Volcengine documents no maximum and recommends a day."""


class VolcengineOptions(Strict):
    """``token_life_s``: a token always ends, and ends everything, whatever its privilege says; with
    ``renew_before_expiry`` another ear is opened in time."""

    token_life_s: Annotated[int, Field(ge=60, le=MAX_LIFE_S)] = DAY_S
    renew_before_expiry: bool = True
    recorder_user_prefix: Prefix = "earshot_"


def check(options: Mapping[str, Any]) -> dict[str, Any]:
    """Validated options with their defaults."""
    return VolcengineOptions.model_validate(dict(options)).model_dump()
