"""Who is in a room: DescribeUserNum, DescribeUserList, DescribeSimpleStreamList (pages "Room") [D]."""

from __future__ import annotations

from local.doubles.model import Json, Request
from local.doubles.rooms.engine import Rooms
from local.doubles.rooms.entrance import Refused
from local.doubles.rooms.life import Life, Stay
from local.doubles.zego.events import role
from local.doubles.zego.settings import ZegoSettings

LARGEST_PAGE = 200


def room_ids(request: Request) -> list[str]:
    """``RoomId[]`` repeated; newer pages drop the brackets."""
    return [value for name, value in request.query if name in ("RoomId[]", "RoomId") and value]


def user_num(rooms: Rooms, app_id: str, asked: list[str], settings: ZegoSettings) -> Json:
    """Head counts; a room that does not exist has none."""
    if not asked:
        raise Refused(settings.bad_input_code, "RoomId is missing", "RoomId")
    if len(asked) > settings.user_num_rooms:
        raise Refused(settings.bad_input_code, f"more than {settings.user_num_rooms} rooms", "RoomId")
    return {"UserCountList": [_counts(rooms.open(app_id, room), room, settings) for room in asked]}


def _counts(life: Life | None, room: str, settings: ZegoSettings) -> Json:
    people, robots = (len(life.people), len(life.recorders)) if life else (0, 0)
    robots = robots if settings.recorder_counts else 0
    return {"RoomId": room, "UserCount": people + robots, "AdminUserCount": robots}


def user_list(rooms: Rooms, app_id: str, params: dict[str, str], settings: ZegoSettings) -> Json:
    """Who is there, by pages; the marker is a position."""
    life = _life(rooms, app_id, params, settings)
    limit, marker = params.get("Limit", "100"), params.get("Marker") or "0"
    if not limit.isdigit() or not 1 <= int(limit) <= LARGEST_PAGE:
        raise Refused(settings.bad_input_code, "Limit is out of range", "Limit")
    if not marker.isdigit():
        raise Refused(settings.bad_input_code, "Marker is wrong", "Marker")
    present = [] if life is None else life.present
    if params.get("Mode") == "1":
        present = present[::-1]
    start, end = int(marker), int(marker) + int(limit)
    return {
        "Marker": str(end) if end < len(present) else "",
        "UserList": [_user(stay) for stay in present[start:end]],
    }


def _user(stay: Stay) -> Json:
    return {"UserId": stay.user, "UserName": stay.user, "UserRole": int(role(stay))}


def stream_list(rooms: Rooms, app_id: str, params: dict[str, str], settings: ZegoSettings) -> Json:
    """What is published there."""
    life = _life(rooms, app_id, params, settings)
    return {
        "StreamList": [
            {
                "StreamId": sound.id,
                "UserId": stay.user,
                "UserName": stay.user,
                "CreateTime": sound.began.ms,
                "StreamNumberId": sound.number,
            }
            for stay in (life.present if life else [])
            for sound in stay.publishing
        ]
    }


def _life(rooms: Rooms, app_id: str, params: dict[str, str], settings: ZegoSettings) -> Life | None:
    """Whether a missing room is an error of these two (code 104, 5024, 50001) is [?]: an empty list."""
    if not params.get("RoomId"):
        raise Refused(settings.bad_input_code, "RoomId is missing", "RoomId")
    return rooms.open(app_id, params["RoomId"])
