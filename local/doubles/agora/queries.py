"""Channel management: who is in a channel, which channels there are."""

from __future__ import annotations

from local.doubles.model import Json
from local.doubles.rooms.codec import numeric
from local.doubles.rooms.engine import Rooms
from local.doubles.rooms.entrance import Refused
from local.doubles.rooms.life import HOST, Life

LIST_LIMIT = 10_000
LARGEST_PAGE = 500


def users(life: Life | None, profile: str) -> Json:
    """``users`` in the communication profile, else ``broadcasters`` and ``audience``."""
    if life is None:
        return {"channel_exist": False}
    uids = [numeric(stay.user) for stay in life.present]
    if profile == "communication":
        return {"channel_exist": True, "mode": 1, "total": len(uids), "users": uids}
    hosts = [numeric(stay.user) for stay in life.present if stay.role == HOST]
    audience = [numeric(stay.user) for stay in life.present if stay.role != HOST]
    return {
        "channel_exist": True,
        "mode": 2,
        "broadcasters": hosts,
        "audience": audience[:LIST_LIMIT],
        "audience_total": len(audience),
    }


def channels(rooms: Rooms, app_id: str, params: dict[str, str]) -> Json:
    """By pages, from 0; 100 to a page unless asked for more [I]."""
    page, size = _number(params, "page_no", 0), _number(params, "page_size", 100)
    if not 1 <= size <= LARGEST_PAGE:
        raise Refused(400, "invalid page_size", "page_size")
    found = [{"channel_name": x.room_id, "user_count": len(x.present)} for x in rooms.of(app_id)]
    return {"channels": found[page * size : (page + 1) * size], "total_size": len(found)}


def _number(params: dict[str, str], name: str, default: int) -> int:
    text = params.get(name, str(default))
    if not text.isdigit():
        raise Refused(400, f"invalid {name}", name)
    return int(text)
