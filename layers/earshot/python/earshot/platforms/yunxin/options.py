"""The plan's settings for Yunxin."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from earshot.platforms.option_types import DAY_S, RangeSize, Strict, ends_by

LAST_UID = 999_999_999_999
"""Moderation vendors take at most 12 digits."""


class YunxinOptions(Strict):
    """``tokens``: what is obtained, the ``record`` token (asked of Yunxin, for a recorder), the ``join`` token (made
    here, for a client of the SDK) or both. ``record_answer_field`` names the record token in Yunxin's answer and
    ``accid`` is sent along if set: both unconfirmed. ``renew_before_expiry``: another ear is opened in time; whether
    Yunxin puts out whose token ends is unconfirmed."""

    tokens: Literal["both", "record", "join"] = "both"
    renew_before_expiry: bool = True
    record_token_life_s: Annotated[int, Field(ge=60, le=30 * DAY_S)] = DAY_S
    join_token_life_s: Annotated[int, Field(ge=60, le=DAY_S - 1)] = DAY_S - 1
    record_answer_field: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")] = "checksum"
    accid: Annotated[str, Field(min_length=1, max_length=128)] | None = None
    recorder_uid_base: Annotated[int, Field(ge=1, le=LAST_UID)] = 999_000_000_000
    recorder_uid_count: RangeSize = 1_000_000_000

    @field_validator("recorder_uid_count")
    @classmethod
    def _in_12_digits(cls, count: int, info: ValidationInfo) -> int:
        return ends_by(info.data.get("recorder_uid_base"), count, LAST_UID)


def check(options: Mapping[str, Any]) -> dict[str, Any]:
    """Validated options with their defaults."""
    return YunxinOptions.model_validate(dict(options)).model_dump()
