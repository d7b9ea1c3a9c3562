"""A watch as an opening event asks for it."""

import json
from collections.abc import Mapping
from typing import Any

from earshot.contract.room_events import RoomEvent
from earshot.domain.watch import Watch


def new_watch(detail: RoomEvent, plan: Mapping[str, Any], session: str, watch_id: str, now: int) -> Watch:
    """``opened_at`` is the platform's time, or ours if its clock runs ahead."""
    return Watch(
        watch_id=watch_id,
        session_id=session,
        room=detail.room,
        plan_name=detail.plan,
        plan=plan,
        opened_at=min(detail.at_ms, now),
        stream_id=detail.stream_id,
        stream_url=detail.stream_url,
        account_id=detail.account_id,
        attributes=json.dumps(detail.attributes, ensure_ascii=False),
        status_at=now,
    )
