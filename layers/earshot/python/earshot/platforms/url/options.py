"""A plain address has no settings."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict


class UrlOptions(BaseModel):
    """Empty, and says so when something is set."""

    model_config = ConfigDict(extra="forbid", defer_build=True)


def check(options: Mapping[str, Any]) -> dict[str, Any]:
    """Validated options."""
    return UrlOptions.model_validate(dict(options)).model_dump()
