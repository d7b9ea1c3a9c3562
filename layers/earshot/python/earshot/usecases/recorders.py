"""Who in a room is one of our recorders."""

from collections.abc import Callable, Mapping
from typing import Any

from earshot.contract.plan import Plan
from earshot.platforms import registry


class Recorders:
    """By the ids that any plan reserves: neither a webhook nor a query knows which plan a room was opened with."""

    def __init__(self, plans: Callable[[], Mapping[str, Plan]]) -> None:
        self._plans = plans
        self._of: Mapping[str, Plan] = {}
        self._options: dict[str, list[dict[str, Any]]] = {}

    def __call__(self, platform: str, user_id: str | int) -> bool:
        options = self._reserved(platform)
        return any(registry.is_recorder(platform, one, user_id) for one in options)

    def _reserved(self, platform: str) -> list[dict[str, Any]]:
        plans = self._plans()
        if plans is not self._of:
            self._of, self._options = plans, {}
        if platform not in self._options:
            own = (plan.platforms.get(platform, {}) for plan in plans.values())
            self._options[platform] = [registry.check_options(platform, options) for options in own]
        return self._options[platform]
