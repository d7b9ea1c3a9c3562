"""Who is in a room, and who may record it: Volcengine, Yunxin and GIN; answers, and every refusal with its code."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest

from local.doubles.model import Request
from tests.unit.doubles.clouds import VOLC_APP, YUNXIN_APP, people

# Volcengine


def ask_volcengine(cloud: Any, query: Any = None, **change: str) -> tuple[int, Any]:
    asked = {"Action": "GetRoomOnlineUsers", "Version": "2023-11-01", "AppId": VOLC_APP, "RoomId": "a room"}
    asked |= query or {}
    stamp = datetime.fromtimestamp(cloud.time.wall, UTC).strftime("%Y%m%dT%H%M%SZ")
    headers = {"Host": "rtc.volcengineapi.com", "X-Date": change.get("stamp", stamp)}
    signed = change.get("signed", "host;x-date")
    lines = [f"{k}={quote(v, safe='-_.~')}" for k, v in sorted(asked.items())]
    lower = {k.lower(): v for k, v in headers.items()}
    block = "".join(f"{name}:{lower.get(name, '')}\n" for name in signed.split(";"))
    empty = hashlib.sha256(b"").hexdigest()
    canonical = "\n".join(["GET", "/", "&".join(lines), block, signed, empty])
    scope = [headers["X-Date"][:8], change.get("region", "cn-north-1"), "rtc", "request"]
    key = change.get("secret", "earshot-sample-secret-access-key").encode()
    for part in scope:
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    words = [
        "HMAC-SHA256",
        headers["X-Date"],
        "/".join(scope),
        hashlib.sha256(canonical.encode()).hexdigest(),
    ]
    made = hmac.new(key, "\n".join(words).encode(), hashlib.sha256).hexdigest()
    credential = "/".join([change.get("key", "AKLTEXAMPLE"), *scope])
    text = f"HMAC-SHA256 Credential={credential}, SignedHeaders={signed}, Signature={made}"
    reply = cloud.get("/", asked, headers | {"Authorization": change.get("authorization", text)})
    return reply.status, json.loads(reply.body)


def test_volcengine_users(volcengine: Any) -> None:
    people(volcengine, "7", room="a room")
    people(volcengine, "8", room="a room", role="audience")
    assert ask_volcengine(volcengine)[1]["Result"]["VisibleUserList"] == ["7", "8"]
    volcengine.set(audience_visible=False)
    status, answer = ask_volcengine(volcengine)
    assert (status, answer["ResponseMetadata"]["Action"]) == (200, "GetRoomOnlineUsers")
    assert answer["Result"] == {
        "RoomExists": True,
        "TotalUser": 1,
        "VisibleUserList": ["7"],
        "TotalInvisibleUser": 1,
        "InvisibleUserList": ["8"],
    }
    assert ask_volcengine(volcengine, {"RoomId": "nowhere"})[1]["Result"] == {"RoomExists": False}


@pytest.mark.parametrize(
    ("query", "change", "code"),
    [
        ({}, {"key": "AKOTHER"}, 100009),
        ({}, {"secret": "wrong"}, 100010),
        ({}, {"region": "cn-south-1"}, 100010),
        ({}, {"signed": "host"}, 100010),
        ({}, {"authorization": ""}, 100003),
        ({}, {"stamp": "20231114T213319Z"}, 100006),
        ({}, {"stamp": "yesterday"}, 100005),
        ({"RoomId": ""}, {}, 100024),
        ({"AppId": "1" * 24}, {}, 100024),
        ({"Action": "BanRoomUser"}, {}, 100008),
        ({"Version": "2020-12-01"}, {}, 100008),
    ],
)
def test_volcengine_refusals(volcengine: Any, query: Any, change: Any, code: int) -> None:
    status, answer = ask_volcengine(volcengine, query, **change)
    error = answer["ResponseMetadata"]["Error"]
    assert (status >= 400, error["CodeN"]) == (True, code)
    assert "Result" not in answer


def test_volcengine_rate_is_a_setting(volcengine: Any) -> None:
    volcengine.set(query_rate_limit=1)
    assert [ask_volcengine(volcengine)[0] for _ in range(2)] == [200, 429]


# Yunxin


def headers_of(cloud: Any, **change: str) -> dict[str, str]:
    stamp, nonce = change.get("stamp", str(int(cloud.time.wall))), change.get("nonce", "1234567890")
    made = hashlib.sha1(f"{change.get('secret', 'c00000000000')}{nonce}{stamp}".encode()).hexdigest()
    return {"AppKey": change.get("app", YUNXIN_APP), "Nonce": nonce, "CurTime": stamp, "CheckSum": made}


def ask_record(cloud: Any, base: str = "/nimserver", **form: Any) -> Any:
    fields = {"channelName": "r", "type": "1", "uid": "900001"} | form
    body = "&".join(f"{k}={v}" for k, v in fields.items() if v is not None).encode()
    path = f"{base}/nrtc/getRecordSdkUserChecksum.action"
    reply = cloud.world.handle(Request("POST", path, (), headers_of(cloud), body), cloud.now)
    return json.loads(reply.body)


def test_yunxin_rooms_and_members(yunxin: Any) -> None:
    people(yunxin, "7")
    yunxin.time.go(1)
    people(yunxin, "8", role="audience")
    reply = yunxin.get("/v3/api/rooms", {"cname": "r"}, headers_of(yunxin))
    room = json.loads(reply.body)
    assert (room["code"], room["cname"], room["total"], room["createtime"]) == (
        200,
        "r",
        2,
        1_700_000_000_000,
    )
    assert room["cid"] == yunxin.rooms()[0]["life"]
    members = json.loads(yunxin.get("/v3/api/rooms/members", {"cname": "r"}, headers_of(yunxin)).body)
    assert members["members"] == [
        {"uid": 7, "starttime": 1_700_000_000_000, "userRole": 0},
        {"uid": 8, "starttime": 1_700_000_001_000, "userRole": 1},
    ]


@pytest.mark.parametrize(
    ("change", "query", "code"),
    [
        ({"app": "x"}, {"cname": "r"}, 414),
        ({"nonce": "n" * 129}, {"cname": "r"}, 414),
        ({"nonce": ""}, {"cname": "r"}, 414),
        ({"stamp": "1699999699"}, {"cname": "r"}, 414),
        ({"stamp": "1700000000000"}, {"cname": "r"}, 414),
        ({"secret": "x"}, {"cname": "r"}, 414),
        ({}, {}, 414),
        ({}, {"cname": "nowhere"}, 404),
    ],
)
def test_yunxin_refusals(yunxin: Any, change: dict[str, str], query: Any, code: int) -> None:
    reply = yunxin.get("/v3/api/rooms", query, headers_of(yunxin, **change))
    assert (reply.status, json.loads(reply.body)["code"]) == (200, code)


def test_yunxin_rate(yunxin: Any) -> None:
    people(yunxin, "7")
    asked = [yunxin.get("/v3/api/rooms", {"cname": "r"}, headers_of(yunxin)).status for _ in range(51)]
    assert asked == [200] * 50 + [429]


@pytest.mark.parametrize("base", ["/nimserver", ""])
def test_yunxin_record_token_opens_the_room_to_its_uid(yunxin: Any, base: str) -> None:
    people(yunxin, "7")
    answer = ask_record(yunxin, base, expireSeconds="60")
    assert answer["code"] == 200
    assert yunxin.visit("r", "900001", answer["checksum"], YUNXIN_APP) == "ok"


@pytest.mark.parametrize(
    "form",
    [
        {"channelName": None},
        {"channelName": "nowhere"},
        {"type": "2"},
        {"type": None},
        {"uid": "x"},
        {"uid": "1234567890123"},
        {"uid": "0"},
        {"expireSeconds": "2592001"},
        {"expireSeconds": "0"},
    ],
)
def test_yunxin_record_refusals(yunxin: Any, form: dict[str, Any]) -> None:
    people(yunxin, "7")
    assert ask_record(yunxin, **form)["code"] == 414


def test_yunxin_record_token_of_an_empty_room(yunxin: Any) -> None:
    people(yunxin, "7")
    yunxin.world.person_leaves("r", "7", yunxin.now)
    assert ask_record(yunxin)["code"] == 414


def test_forgotten_record_token_is_unknown(yunxin: Any) -> None:
    people(yunxin, "7")
    yunxin.faults({"on": "record_token", "fault": "forget", "match": {"room": "r"}})
    assert yunxin.visit("r", "900001", ask_record(yunxin)["checksum"], YUNXIN_APP) == "unknown"


# GIN


def ask_gin(cloud: Any, body: Any, key: str = "earshot-sample-token-key", stamp: str = "") -> tuple[int, Any]:
    stamp = stamp or str(int(cloud.time.wall))
    raw = json.dumps(body).encode()
    made = hmac.new(key.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()
    headers = {"X-Earshot-Timestamp": stamp, "X-Earshot-Signature": made}
    reply = cloud.world.handle(Request("POST", "/gin-tokens", (), headers, raw), cloud.now)
    return reply.status, json.loads(reply.body)


GIN = {"app_id": "game-7", "room_id": "r", "recorder_id": "earshot_1"}


def test_gin_token(gin: Any) -> None:
    status, answer = ask_gin(gin, GIN)
    assert (status, answer["ip"], answer["port"], answer["expires_in_s"]) == (200, "203.0.113.7", 8000, 3600)
    details = {"ip": "203.0.113.7", "port": "8000"}
    assert gin.visit("r2", "", answer["token"], "", details=details) == "room"
    assert gin.visit("r", "", answer["token"], "", details=details | {"port": "80"}) == "port"
    assert gin.visit("r", "", "other", "", details=details) == "unknown"
    assert gin.visit("r", "", answer["token"], "", details=details) == "ok"
    (life,) = gin.rooms()
    assert (life["app_id"], life["recorders"][0]["user"]) == ("game-7", "earshot_1")
    gin.set(single_use=True)
    assert gin.visit("r", "", answer["token"], "", details=details) == "used"
    gin.time.go(3600)
    assert gin.visit("r", "", answer["token"], "", details=details) == "expired"
    assert ask_gin(gin, GIN)[1]["token"] != answer["token"]


@pytest.mark.parametrize(
    ("body", "change", "status"),
    [
        (GIN | {"room_id": 5}, {}, 400),
        (GIN | {"recorder_id": ""}, {}, 400),
        ([], {}, 400),
        (GIN | {"app_id": "other"}, {}, 403),
        (GIN, {"key": "wrong"}, 401),
        (GIN, {"stamp": "1699999699"}, 401),
        (GIN, {"stamp": "soon"}, 401),
    ],
)
def test_gin_refusals(gin: Any, body: Any, change: dict[str, str], status: int) -> None:
    assert ask_gin(gin, body, **change)[0] == status


def test_gin_settings(gin: Any) -> None:
    gin.set(room_must_exist=True, port_as_text=True, expires_in_s=0)
    assert ask_gin(gin, GIN)[0] == 404
    people(gin, "7")
    answer = ask_gin(gin, GIN)[1]
    assert (answer["port"], "expires_in_s" in answer) == ("8000", False)
    assert gin.get("/gin-tokens").status == 404
