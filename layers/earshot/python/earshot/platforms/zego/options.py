"""The plan's settings for ZEGO."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

MAX_EFFECTIVE_TIME_S = 30 * 24 * 3600


class ZegoOptions(BaseModel):
    """``effective_time_s`` is EffectiveTime: longer than rooms live, because a recorder that reconnects may
    need a valid token. ``is_test`` is IsTest, for projects created before 2021-11-16 only.
    ``renew_before_expiry``: by ZEGO's page an audit that has started outlives its token."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)

    effective_time_s: Annotated[int, Field(ge=1, le=MAX_EFFECTIVE_TIME_S)] = 24 * 3600
    is_test: bool | None = None
    renew_before_expiry: bool = False


def check(options: Mapping[str, Any]) -> dict[str, Any]:
    """Validated options with their defaults."""
    return ZegoOptions.model_validate(dict(options)).model_dump()
