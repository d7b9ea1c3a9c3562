"""The platforms that Earshot knows. Adding one is a folder and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from earshot.errors import BadInput

if TYPE_CHECKING:  # annotations only: who asks which platforms there are needs none of these
    from earshot.platforms.port import Platform, RoomQuery, Webhook
    from earshot.secrets import Keyring

PLATFORMS = {
    "zego": "earshot.platforms.zego",
    "agora": "earshot.platforms.agora",
    "trtc": "earshot.platforms.trtc",
    "volcengine": "earshot.platforms.volcengine",
    "yunxin": "earshot.platforms.yunxin",
    "gin": "earshot.platforms.gin",
    "url": "earshot.platforms.url",
}
WEBHOOKS = frozenset({"zego", "agora", "trtc", "volcengine", "yunxin"})
QUERIES = frozenset({"zego", "agora", "volcengine", "yunxin"})


def _module(platform: str, name: str) -> Any:
    if platform not in PLATFORMS:
        raise BadInput("platform", f"unknown platform; known: {', '.join(PLATFORMS)}")
    return import_module(f"{PLATFORMS[platform]}.{name}")


def connect(platform: str, base_url: Callable[[str], str], keyring: Keyring) -> Platform:
    """The platform's client; ``base_url`` gives the address of a named API, if the platform has one."""
    return cast("Platform", _module(platform, "client").connect(base_url, keyring))


def check_options(platform: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """The plan's settings for the platform, validated and completed. Raises pydantic's ValidationError."""
    return cast("dict[str, Any]", _module(platform, "options").check(options))


def is_recorder(platform: str, options: Mapping[str, Any], user_id: str | int) -> bool:
    """Whether a participant is one of our recorders, who are no people.

    Pure: by the range or the prefix that the plan reserves. ``options`` as :func:`check_options` completed them.
    """
    return bool(_module(platform, "recorder").is_recorder(options, user_id))


def webhook(platform: str) -> Webhook | None:
    """How to take the platform's room webhooks; None if it has none."""
    return cast("Webhook", _module(platform, "webhook")) if platform in WEBHOOKS else None


def query(platform: str, base_url: Callable[[str], str], keyring: Keyring) -> RoomQuery | None:
    """Who is in the platform's rooms; None if it does not tell."""
    return (
        cast("RoomQuery", _module(platform, "query").connect(base_url, keyring))
        if platform in QUERIES
        else None
    )
