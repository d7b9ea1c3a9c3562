"""A room of every platform, and a submission of it to any vendor."""

import json
from typing import Any

from earshot.domain.room import Room
from earshot.secrets import Keyring, Secret
from earshot.vendors import registry
from earshot.vendors.port import Submission

from local.places import SAMPLE_SETTINGS
from tests.unit.support import makers

ROOMS: dict[str, tuple[str, str, dict[str, str]]] = {
    "zego": ("1234567890", "room-42", {"identify_token": "04AAA+BBB="}),
    "agora": (
        "970CA35de60c44645bbae8a215061b33",
        "evening",
        {"token": "007eJx/T", "uid": "4200000001"},
    ),
    "trtc": ("1400000000", "8489", {"user_id": "earshot-1", "user_sig": "eJw*", "room_id_kind": "number"}),
    "volcengine": (
        "123456781234567812345678",
        "room-1",
        {"token": "001/+=", "user_id": "earshot_1"},
    ),
    "yunxin": (
        "c37bf7a8758a4ed00000000000000000",
        "evening",
        {"checksum": "a+b/c=", "token": "a+b/c=", "uid": "999000000001"},
    ),
    "gin": ("game-7", "room-9", {"token": "t", "ip": "192.0.2.7", "port": "8443"}),
    "url": ("site", "radio", {}),
}
"""An app, a room and its credential by platform."""


def settings() -> Keyring:
    document = json.loads(SAMPLE_SETTINGS.read_text("utf-8"))
    text = json.dumps(
        {name: document.get(registry.account(name), {}) for name in registry.names()} | document
    )

    class Kept(Secret):
        def __init__(self) -> None:
            """It has its text."""

        def values(self, *, max_age_ms: int = 0) -> tuple[str, ...]:
            return (text,)

    return Keyring(Kept())


def submission(name: str, options: dict[str, Any], platform: str) -> Submission:
    """Of the platform's room, by a plan with these options."""
    app_id, room_id, secrets = ROOMS[platform]
    checked = registry.check_options(name, "room_mixed", options)
    seen = makers.watch(
        room=Room(platform, app_id, room_id),
        stream_url="rtmp://live.example.com/app/one" if platform == "url" else None,
        plan={**makers.plan(), "vendor": name, "target": "room_mixed", "vendor_options": checked},
    )
    return Submission("ref-1a", seen, "https://callbacks.example.com/callbacks/x/y/z", secrets, "ear-1")
