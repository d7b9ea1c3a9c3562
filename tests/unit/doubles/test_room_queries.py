"""Who is in a room, asked of ZEGO and Agora: answers, and every refusal with its documented code."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest

from local.doubles.model import Request
from tests.unit.doubles.clouds import AGORA_APP, people

ZEGO_SECRET = "0123456789abcdef0123456789abcdef"


# ZEGO


def ask_zego(cloud: Any, action: str, *more: tuple[str, str], secret: str = ZEGO_SECRET) -> Any:
    stamp, nonce = str(int(cloud.time.wall)), "4fd24687296dd9f3"
    made = hashlib.md5(f"1234567890{nonce}{secret}{stamp}".encode()).hexdigest()
    query = [("Action", action), ("AppId", "1234567890"), ("SignatureNonce", nonce)]
    query += [("Timestamp", stamp), ("Signature", made), ("SignatureVersion", "2.0"), *more]
    return json.loads(cloud.world.handle(Request("GET", "/", tuple(query)), cloud.now).body)


def robot(cloud: Any, room: str = "r") -> None:
    token = cloud.world.desk.mint("1234567890", 60, "scaled", cloud.now)
    assert cloud.visit(room, "", token, "1234567890") == "ok"


def test_zego_user_num_counts_robots_too(rooms: Any) -> None:
    people(rooms, "7", "8")
    robot(rooms)
    answer = ask_zego(rooms, "DescribeUserNum", ("RoomId[]", "r"), ("RoomId[]", "nowhere"))
    assert (answer["Code"], answer["Data"]["UserCountList"]) == (
        0,
        [
            {"RoomId": "r", "UserCount": 3, "AdminUserCount": 1},
            {"RoomId": "nowhere", "UserCount": 0, "AdminUserCount": 0},
        ],
    )
    entry = rooms.journal("call")[-1]
    assert (entry["operation"], entry["verdict"]["ok"], entry["verdict"]["warnings"]) == (
        "user_num",
        True,
        [],
    )


def test_zego_user_num_refusals(rooms: Any) -> None:
    many = [("RoomId[]", f"r{n}") for n in range(11)]
    assert ask_zego(rooms, "DescribeUserNum", *many)["Code"] == 2
    assert ask_zego(rooms, "DescribeUserNum")["Code"] == 2
    assert ask_zego(rooms, "DescribeUserNum", many[0], secret="other")["Code"] == 100000005
    assert ask_zego(rooms, "DescribeRooms", many[0])["Code"] == 100000007
    codes = [ask_zego(rooms, "DescribeUserNum", many[0])["Code"] for _ in range(9)]
    assert codes == [0] * 8 + [206]  # two signed ones were refused above
    rooms.time.go(1)
    assert ask_zego(rooms, "DescribeUserNum", *many[:10])["Code"] == 0


def test_zego_lists(rooms: Any) -> None:
    people(rooms, "7")
    people(rooms, "8", role="audience")
    robot(rooms)
    rooms.world.publishes("r", "7", rooms.now)
    page = ask_zego(rooms, "DescribeUserList", ("RoomId", "r"), ("Limit", "2"))["Data"]
    assert [(u["UserId"], u["UserRole"]) for u in page["UserList"]] == [("7", 1), ("8", 2)]
    assert ask_zego(rooms, "DescribeUserList", ("RoomId", "r"))["Code"] == 207
    rooms.time.go(1)
    page = ask_zego(rooms, "DescribeUserList", ("RoomId", "r"), ("Marker", page["Marker"]))["Data"]
    assert ([u["UserRole"] for u in page["UserList"]], page["Marker"]) == ([4], "")
    (stream,) = ask_zego(rooms, "DescribeSimpleStreamList", ("RoomId", "r"))["Data"]["StreamList"]
    assert (stream["StreamId"], stream["UserId"], stream["CreateTime"]) == (
        "stream-7",
        "7",
        1_700_000_000_000,
    )
    rooms.time.go(9)
    assert ask_zego(rooms, "DescribeSimpleStreamList", ("RoomId", "r"))["Code"] == 207
    rooms.time.go(10)
    assert ask_zego(rooms, "DescribeSimpleStreamList", ("RoomId", "r"))["Code"] == 0


@pytest.mark.parametrize("more", [("Limit", "201"), ("Limit", "x"), ("Marker", "x")])
def test_zego_list_refusals(rooms: Any, more: tuple[str, str]) -> None:
    assert ask_zego(rooms, "DescribeUserList", ("RoomId", "r"), more)["Code"] == 2


# Agora


def basic(pair: str = "earshot-sample-customer:earshot-sample-customer-secret") -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def ask_agora(cloud: Any, path: str, query: Any = None, headers: Any = None) -> tuple[int, Any]:
    reply = cloud.get(f"/dev/v1/channel/{path}", query, basic() if headers is None else headers)
    return reply.status, json.loads(reply.body)


def test_agora_users_by_profile(agora: Any) -> None:
    people(agora, "7", room="a room")
    people(agora, "8", room="a room", role="audience")
    assert ask_agora(agora, f"user/{AGORA_APP}/a%20room") == (
        200,
        {
            "success": True,
            "data": {
                "channel_exist": True,
                "mode": 2,
                "broadcasters": [7],
                "audience": [8],
                "audience_total": 1,
            },
        },
    )
    agora.set(channel_profile="communication")
    data = ask_agora(agora, f"user/{AGORA_APP}/a room")[1]["data"]
    assert data == {"channel_exist": True, "mode": 1, "total": 2, "users": [7, 8]}
    assert ask_agora(agora, f"user/{AGORA_APP}/nowhere")[1]["data"] == {"channel_exist": False}


def test_agora_channels_by_pages(agora: Any) -> None:
    for room in ("a", "b", "c"):
        people(agora, "7", room=room)
    data = ask_agora(agora, AGORA_APP, {"page_no": "1", "page_size": "2"})[1]["data"]
    assert data == {"channels": [{"channel_name": "c", "user_count": 1}], "total_size": 3}


@pytest.mark.parametrize(
    ("path", "query", "headers", "status"),
    [
        (AGORA_APP, None, {}, 401),
        (AGORA_APP, None, basic("earshot-sample-customer:wrong"), 401),
        (AGORA_APP, None, {"Authorization": "Basic ???"}, 401),
        (AGORA_APP, None, {"Authorization": basic()["Authorization"].replace("Basic", "Bearer")}, 401),
        ("0" * 32, None, None, 400),
        (AGORA_APP, {"page_size": "501"}, None, 400),
        (AGORA_APP, {"page_no": "-1"}, None, 400),
        ("user", None, None, 400),
        ("user/a/b/c/../..", None, None, 400),
    ],
)
def test_agora_refusals(agora: Any, path: str, query: Any, headers: Any, status: int) -> None:
    assert ask_agora(agora, path, query, headers)[0] == status
    assert agora.journal("call")[-1]["verdict"]["ok"] is False


def test_agora_rate_is_of_each_query(agora: Any) -> None:
    statuses = [ask_agora(agora, AGORA_APP)[0] for _ in range(21)]
    assert statuses == [200] * 20 + [429]
    assert ask_agora(agora, f"user/{AGORA_APP}/r")[0] == 200
    agora.time.go(1)
    assert ask_agora(agora, AGORA_APP)[0] == 200


def test_agora_elsewhere(agora: Any) -> None:
    assert agora.get("/dev/v2/x").status == 404
