"""Where the clouds' doubles send their room webhooks: to the deployed API, as a console would be told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.double_admin import DoubleAdmin

PLATFORMS = ("zego", "agora", "trtc", "volcengine", "yunxin")


def addresses(api_url: str, settings: Path) -> dict[str, dict[str, str]]:
    """By platform and app id; with the part that nobody can guess, where the settings have one."""
    document = json.loads(settings.read_text("utf-8"))
    return {
        platform: {app_id: _address(api_url, platform, app_id, fields) for app_id, fields in apps.items()}
        for platform in PLATFORMS
        if (apps := document.get(platform, {}))
    }


def tell_doubles(doubles: Mapping[str, str], known: Mapping[str, Mapping[str, str]]) -> None:
    """Switch the webhooks of our doubles on."""
    for platform, urls in known.items():
        if platform in doubles:
            DoubleAdmin(doubles[platform]).post("settings", {"webhook_urls": urls})


def _address(api_url: str, platform: str, app_id: str, fields: Mapping[str, Any]) -> str:
    keys = fields.get("url_key") or []
    newest = keys if isinstance(keys, str) else next(iter(keys), "")
    return "/".join(filter(None, [api_url, "room-webhooks", platform, app_id, newest]))
