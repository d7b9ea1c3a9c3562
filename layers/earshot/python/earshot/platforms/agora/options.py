"""The plan's settings for Agora."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, field_validator

from earshot.platforms.option_types import DAY_S, RangeSize, Strict, ends_by

LAST_UID = 2**32 - 1


class AgoraOptions(Strict):
    """``token_life_s`` is at most Agora's 24 hours. ``public_channels``: the project has no certificate, so there is
    no token. ``renew_before_expiry``: another ear is opened in time, for Agora puts out whose token ends. Recorders
    take ``recorder_uid_count`` uids from ``recorder_uid_base`` on; people must get others."""

    token_life_s: Annotated[int, Field(ge=60, le=DAY_S)] = DAY_S
    renew_before_expiry: bool = True
    public_channels: bool = False
    recorder_uid_base: Annotated[int, Field(ge=1, le=LAST_UID)] = 4_200_000_000
    recorder_uid_count: RangeSize = 1_000_000

    @field_validator("recorder_uid_count")
    @classmethod
    def _in_32_bits(cls, count: int, info: ValidationInfo) -> int:
        return ends_by(info.data.get("recorder_uid_base"), count, LAST_UID)


def check(options: Mapping[str, Any]) -> dict[str, Any]:
    """Validated options with their defaults."""
    return AgoraOptions.model_validate(dict(options)).model_dump()
