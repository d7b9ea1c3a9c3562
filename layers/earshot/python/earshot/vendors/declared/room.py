"""What a submission may say of the room: the context of ``submit``."""

from __future__ import annotations

from typing import Any

from earshot.errors import BadInput
from earshot.vendors.declared.description import Description
from earshot.vendors.declared.outward import Outward
from earshot.vendors.port import Submission


def start(description: Description, outward: Outward, submission: Submission) -> dict[str, Any]:
    """Everything but the moment and the settings. Raises BadInput for a room that the vendor is not made for."""
    watch = submission.watch
    platform, target = watch.room.platform, watch.plan["target"]
    if platform not in platforms(description):
        raise BadInput("platform", f"{description.title} is not described for {platform} rooms")
    if target not in outward.targets:
        raise BadInput("target", f"{description.title} takes {', '.join(outward.targets)}")
    return {
        "task": {"ref": submission.task_ref, "ear": submission.ear, "watch_id": watch.watch_id},
        "room": {
            "platform": platform,
            "app_id": watch.room.app_id,
            "room_id": watch.room.room_id,
            "stream_id": watch.stream_id,
            "stream_url": watch.stream_url,
            "account_id": watch.account_id,
            "target": target,
            "attributes": watch.attributes,
        },
        "token": token(outward.token.get(platform, ()), submission),
        "callback_url": submission.callback_url,
    }


def token(parts: tuple[str, ...], submission: Submission) -> dict[str, str]:
    """The parts of the platform's credential that the description names, and no others."""
    made = {}
    for part in parts:
        name, is_optional = part.rstrip("?"), part.endswith("?")
        value = submission.secrets.get(name)
        if value:
            made[name] = value
        elif not is_optional:
            raise BadInput(f"token.{name}", f"is required (the credential's {name})")
    return made


def platforms(description: Description) -> frozenset[str]:
    """Those that its capabilities name."""
    said: Any = description.capabilities
    rows = said if isinstance(said, list) else [said]
    return frozenset(platform for row in rows for platform in row["platforms"])
