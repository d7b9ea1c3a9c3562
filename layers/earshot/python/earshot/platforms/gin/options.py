"""The plan's settings for GIN."""

from collections.abc import Mapping
from typing import Any

from earshot.platforms.option_types import Prefix, Strict


class GinOptions(Strict):
    """``recorder_user_prefix`` begins the ids that we propose for recorders. ``renew_before_expiry``: another ear is
    opened before a token ends, if your backend says when; whether GIN puts out its holder is unconfirmed."""

    renew_before_expiry: bool = True
    recorder_user_prefix: Prefix = "earshot_"


def check(options: Mapping[str, Any]) -> dict[str, Any]:
    """Validated options with their defaults."""
    return GinOptions.model_validate(dict(options)).model_dump()
