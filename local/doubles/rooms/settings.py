"""Settings that all clouds have; a platform declares again what its own pages say otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from local.doubles.settings import Settings, setting

RECORDER_KEEPS = "a recorder keeps an otherwise empty room alive; else it is thrown out with the last person"
LOST_AFTER = "scaled seconds until the cloud notices that a client has vanished"
RETRIES = "scaled seconds before each further attempt, counted from the failure of the one before"
MAX_AGE = "no attempt for an event older than so many scaled seconds; 0: no limit"
TIMEOUT = "real seconds a receiver may take"
SUCCESS = "which HTTP statuses are success: `200` or `2xx`"
CONTENT_TYPE = "Content-Type of webhooks"


@dataclass
class RoomSettings(Settings):
    """How rooms live."""

    recorder_keeps_room: bool = setting(True, "[I]", RECORDER_KEEPS)
    lost_after: float = setting(60.0, "[?]", LOST_AFTER)


@dataclass
class WebhookSettings(RoomSettings):
    """How they are told of."""

    webhook_url: str = setting("", "[D]", "where webhooks of all apps go; nothing is sent when empty")
    webhook_urls: dict[str, Any] = setting(  # noqa: RUF009 - a factory inside, like any dataclass field
        {}, "[D]", "app id to address, before `webhook_url`", free=True
    )
    webhook_latency: float = setting(0.0, "[I]", "scaled seconds from an event to its first attempt")
    webhook_retries: list[Any] = setting([5.0, 10.0, 20.0], "[?]", RETRIES)  # noqa: RUF009
    webhook_max_age: float = setting(0.0, "[?]", MAX_AGE)
    webhook_timeout: float = setting(5.0, "[?]", TIMEOUT)
    webhook_success: str = setting("200", "[D]", SUCCESS, ("200", "2xx"))
    webhook_content_type: str = setting("application/json", "[D]", CONTENT_TYPE)

    def url(self, app_id: str) -> str:
        """Where an app's webhooks go."""
        return str(self.webhook_urls.get(app_id, self.webhook_url))

    def succeeded(self, status: int | None) -> bool:
        """Whether an answer is taken for success."""
        if status is None:
            return False
        return status == 200 if self.webhook_success == "200" else 200 <= status < 300
