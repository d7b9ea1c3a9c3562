"""Room events that Earshot itself puts on the bus, on behalf of a platform."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from earshot.clock import iso
from earshot.domain.room import Room
from earshot.usecases.bus import Event

SOURCE = "earshot.rooms"
Tell = Callable[[Sequence[Event]], None]
"""Puts events on the bus, or raises RetryLater."""


def room_event(kind: str, room: Room, at: int, **more: Any) -> Event:
    """An event in, as ``contract.room_events`` reads it; ``at`` in epoch ms. What is None is left out."""
    detail = {
        "platform": room.platform,
        "app_id": room.app_id,
        "room_id": room.room_id,
        "stream_id": room.stream_id,
        "occurred_at": iso(at),
        **more,
    }
    told = {name: value for name, value in detail.items() if value is not None}
    return kind, json.dumps(told, ensure_ascii=False)
