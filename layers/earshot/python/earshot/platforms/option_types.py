"""What the options of several platforms are made of."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

DAY_S = 24 * 3600

Prefix = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,12}$")]
"""Begins the names of our recorders and of nobody else; short, because TRTC ends a name at 32 characters."""

RangeSize = Annotated[int, Field(ge=1_000, le=1_000_000_000, validate_default=True)]
"""How many numbers are reserved for recorders; validated also when left out, because the base may be given."""


class Strict(BaseModel):
    """Unknown fields and wrong types are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


def ends_by(base: int | None, count: int, last: int) -> int:
    """``count``, if the range that begins at ``base`` ends by ``last`` (None: the base itself was refused)."""
    if base is not None and base + count - 1 > last:
        raise ValueError(f"the range of recorder uids must end by {last}")
    return count
