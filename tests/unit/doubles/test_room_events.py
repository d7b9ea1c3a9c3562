"""Which events each cloud sends, and the ways in which it may write them."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import parse_qs, unquote

import pytest

from local.doubles.accounts import Accounts
from local.doubles.volcengine.events import signature
from tests.unit.doubles.clouds import AGORA_A5, AGORA_APP, TRTC_APP, TRTC_T1, VOLC_APP, VOLC_V1


def story(cloud: Any, role: str = "audience", room: str = "r") -> None:
    """One person from coming to going, alone."""
    world = cloud.world
    world.person_enters(room, "7", cloud.now, role=role)
    world.changes_role(room, "7", "host", cloud.now)
    world.publishes(room, "7", cloud.now)
    world.stops_publishing(room, "7", cloud.now)
    world.publishes(room, "7", cloud.now)
    cloud.time.go(2)
    world.person_leaves(room, "7", cloud.now)


def by_event(bodies: list[Any], key: str) -> dict[Any, Any]:
    return {body[key]: body for body in bodies}


def test_zego(rooms: Any) -> None:
    rooms.listen()
    story(rooms)
    bodies = rooms.bodies()
    assert [b["event"] for b in bodies] == [
        "room_create",
        "room_login",
        "stream_create",
        "stream_close",
        "stream_create",
        "stream_close",
        "room_logout",
        "room_close",
    ]
    session = rooms.rooms()[0]["life"]
    found = by_event(bodies, "event")
    create, login, stream = found["room_create"], found["room_login"], found["stream_create"]
    assert (create["appid"], type(create["timestamp"]), create["room_session_id"]) == (
        1234567890,
        int,
        session,
    )
    assert (create["room_create_time"], create["id_name"]) == ("1700000000000", "7")
    assert (login["appid"], login["room_seq"], login["user_role"]) == ("1234567890", str(session), "2")
    assert (stream["stream_id"], stream["channel_id"], stream["rtmp_url"]) == ("stream-7", "r", [])
    assert int(found["stream_close"]["stream_seq"]) > int(stream["stream_seq"])
    assert found["room_logout"]["logout_time"] == "1700000002000"
    assert (found["room_close"]["close_reason"], found["room_close"]["room_session_id"]) == (0, session)


def test_zego_robot_is_an_administrator(rooms: Any) -> None:
    rooms.listen()
    rooms.world.person_enters("r", "7", rooms.now)
    for by in ("one", "two"):
        rooms.visit("r", "", rooms.world.desk.mint("1234567890", 60, "scaled", rooms.now), "", by=by)
        rooms.set(recorder_logs_in=False)
    roles = [b["user_role"] for b in rooms.bodies() if b["event"] == "room_login"]
    assert roles == ["1", "4"]


@pytest.mark.parametrize(
    ("how", "reason", "close", "stream"),
    [("person_vanishes", "1", 1, "1"), ("person_is_kicked", "3", 3, "3"), ("person_leaves", "0", 0, "0")],
)
def test_zego_reasons(rooms: Any, how: str, reason: str, close: int, stream: str) -> None:
    rooms.listen()
    rooms.world.person_enters("r", "7", rooms.now)
    rooms.world.publishes("r", "7", rooms.now)
    getattr(rooms.world, how)("r", "7", rooms.now)
    found = by_event(rooms.bodies(200), "event")
    assert found["room_logout"]["reason"] == reason
    assert found["room_close"]["close_reason"] == close
    assert found["stream_close"]["type"] == stream


@pytest.mark.parametrize(("notify", "setting", "told"), [(None, False, 0), (None, True, 1), (True, False, 1)])
def test_zego_closes_silently(rooms: Any, notify: bool | None, setting: bool, told: int) -> None:
    rooms.listen(close_callback=setting)
    rooms.world.person_enters("r", "7", rooms.now)
    rooms.world.closes("r", rooms.now, notify=notify)
    events = [b["event"] for b in rooms.bodies()]
    assert (events.count("room_logout"), events.count("room_close")) == (1, told)


def test_zego_groups_without_an_address(rooms: Any) -> None:
    rooms.listen(webhook_groups={"login": False, "stream": False})
    story(rooms)
    assert [b["event"] for b in rooms.bodies()] == ["room_create", "room_close"]


def test_zego_encodings(rooms: Any) -> None:
    rooms.listen(webhook_encoding="percent", webhook_content_type="text/plain")
    rooms.world.person_enters("r", "7", rooms.now)
    push = rooms.due()[0]
    assert push.body.startswith("%7B%22event%22")
    assert (json.loads(unquote(push.body))["room_id"], push.content_type) == ("r", "text/plain")
    rooms.set(webhook_encoding="form")
    rooms.world.publishes("r", "7", rooms.now)
    push = rooms.due()[0]
    fields = parse_qs(push.body, strict_parsing=True, keep_blank_values=True)
    assert (fields["event"], fields["stream_attr"]) == (["stream_create"], ['{"cid":0}'])
    assert push.content_type == "application/x-www-form-urlencoded"


@pytest.mark.parametrize(("numbers", "kinds"), [("strings", {str}), ("numbers", {int})])
def test_zego_numbers_or_strings(rooms: Any, numbers: str, kinds: set[type]) -> None:
    rooms.listen(webhook_numbers=numbers)
    rooms.world.person_enters("r", "7", rooms.now)
    assert {type(b[name]) for b in rooms.bodies() for name in ("appid", "timestamp")} == kinds


@pytest.mark.parametrize(
    ("profile", "role", "types"),
    [
        ("live", "host", [101, 103, 104, 102]),
        ("live", "audience", [101, 105, 111, 104, 102]),
        ("communication", "host", [101, 107, 108, 102]),
    ],
)
def test_agora(agora: Any, profile: str, role: str, types: list[int]) -> None:
    agora.listen(channel_profile=profile)
    story(agora, role)
    bodies = agora.bodies()
    assert [b["eventType"] for b in bodies] == types
    sequences = [b["payload"]["clientSeq"] for b in bodies if "clientSeq" in b["payload"]]
    assert sequences == sorted(set(sequences))
    left, closed = bodies[-2]["payload"], bodies[-1]["payload"]
    assert (left["uid"], left["reason"], left["duration"]) == (7, 1, 2)
    assert closed == {"channelName": "r", "ts": 1_700_000_002, "lastUid": 7}
    assert len({b["noticeId"] for b in bodies}) == len(bodies)


def test_agora_recorder_is_an_audience_on_linux(agora: Any) -> None:
    agora.listen()
    agora.visit("room-demo-1", "900001", AGORA_A5, AGORA_APP)
    payload = agora.bodies()[-1]["payload"]
    assert (payload["uid"], payload["platform"], payload["clientType"]) == (900001, 6, 3)


@pytest.mark.parametrize(("versions", "missing"), [("v1", "Agora-Signature-V2"), ("v2", "Agora-Signature")])
def test_agora_one_signature(agora: Any, versions: str, missing: str) -> None:
    agora.listen(signature_versions=versions)
    agora.world.person_enters("r", "name", agora.now)
    push = agora.due()[1]
    assert missing not in push.headers
    assert len(push.headers) == 1
    assert json.loads(push.body)["payload"]["account"] == "name"


def test_trtc(trtc: Any) -> None:
    trtc.listen()
    story(trtc, room="8489")
    bodies = trtc.bodies()
    types = [(b["EventGroupId"], b["EventType"]) for b in bodies]
    assert types == [(1, 101), (1, 103), (1, 105), (2, 203), (2, 204), (2, 203), (1, 104), (1, 102)]
    found = by_event(bodies, "EventType")
    assert found[101]["EventInfo"] == {
        "RoomId": 8489,
        "EventTs": 1_700_000_000,
        "EventMsTs": 1_700_000_000_000,
        "UserId": "7",
    }
    assert (found[103]["EventInfo"]["Role"], found[104]["EventInfo"]["Role"]) == (21, 20)
    assert found[102]["EventInfo"]["RoomId"] == "8489"
    assert "UserId" not in found[102]["EventInfo"]


def test_trtc_string_room_and_tabs(trtc: Any) -> None:
    trtc.listen(body_style="tabs", digits_are="string", dismissed_as_string=False)
    trtc.world.person_enters("8489", "7", trtc.now)
    push = trtc.due()[0]
    assert push.body.startswith('{\n\t"EventGroupId":\t1,\n\t"EventType":\t101,\n\t"CallbackTs":\t17')
    assert json.loads(push.body)["EventInfo"]["RoomId"] == "8489"
    trtc.set(digits_are="number")
    trtc.visit("8489", "xiaojun", TRTC_T1, TRTC_APP, details={"room_kind": "string"})
    entered = json.loads(trtc.due()[-1].body)["EventInfo"]
    assert (entered["RoomId"], entered["Role"], entered["TerminalType"]) == ("8489", 21, 4)


def test_trtc_without_a_key_is_unsigned(trtc: Any) -> None:
    trtc.listen()
    trtc.world.accounts = Accounts.read({"trtc": {TRTC_APP: {"secret_key": "k"}}})
    trtc.world.person_enters("r", "7", trtc.now)
    assert "Sign" not in trtc.due()[0].headers


def test_volcengine(volcengine: Any) -> None:
    volcengine.listen()
    story(volcengine)
    bodies = volcengine.bodies()
    assert [b["EventType"] for b in bodies] == ["UserJoinRoom", "UserLeaveRoom", "RoomDestroy"]
    data = [json.loads(b["EventData"]) for b in bodies]
    assert (data[1]["RoomId"], data[1]["UserId"], data[1]["Reason"]) == ("r", "7", "userLeave")
    assert data[2] == {"RoomId": "r", "Timestamp": 1_700_000_002_000}
    secret = "earshot-sample-volcengine-webhook-secret"
    for body in bodies:
        assert (body["AppId"], body["Version"], len(body["Nonce"])) == (VOLC_APP, "2020-12-01", 4)
        assert body["Signature"] == signature(body, secret)
        assert body["EventTime"].endswith("+08:00")
    assert len({b["EventId"] for b in bodies}) == 3


def test_volcengine_invisible_and_room_create(volcengine: Any) -> None:
    volcengine.listen(room_create=True, recorder_visible=False, audience_visible=False)
    story(volcengine, room="new room")
    volcengine.visit("new room", "new user id", VOLC_V1, VOLC_APP)
    volcengine.world.recorder_leaves("task-1", volcengine.now)
    assert [b["EventType"] for b in volcengine.bodies()] == [
        "RoomCreate",
        "InvisibleUserJoinRoom",
        "RoleChangeInvisible2Visible",
        "UserLeaveRoom",
        "RoomDestroy",
        "RoomCreate",
        "InvisibleUserJoinRoom",
        "InvisibleUserLeaveRoom",
        "RoomDestroy",
    ]


def test_yunxin(yunxin: Any) -> None:
    yunxin.listen()
    story(yunxin)
    arrived = yunxin.run(yunxin.time.scaled)
    bodies = [json.loads(push.body) for _, push in arrived]
    assert [b["eventType"] for b in bodies] == [4, 10, 13, 14, 13, 5]
    life = yunxin.rooms()[0]["life"]
    assert {(b["data"]["channelId"], b["data"]["channelName"], b["data"]["uid"]) for b in bodies} == {
        (life, "r", 7)
    }
    assert (bodies[-1]["data"]["duration"], "duration" in bodies[0]["data"]) == (2, False)
    for _, push in arrived:
        digest = hashlib.md5(push.body.encode()).hexdigest()
        made = hashlib.sha1(f"c00000000000{digest}{push.headers['CurTime']}".encode()).hexdigest()
        assert (push.headers["MD5"], push.headers["CheckSum"]) == (digest, made)
        assert (push.headers["type"], len(push.headers["CurTime"])) == ("G2", 13)


def test_yunxin_room_events_are_bought(yunxin: Any) -> None:
    yunxin.listen(room_events=True, null_fields=True)
    story(yunxin)
    found = by_event(yunxin.bodies(), "eventType")
    assert found[1]["data"]["createtime"] == found[2]["data"]["creaetime"] == found[4]["data"]["createTime"]
    assert (found[4]["data"]["duration"], found[4]["data"]["user"]) == (None, None)
    yunxin.set(created_spelling="createtime")
    story(yunxin)
    assert "createtime" in by_event(yunxin.bodies(), "eventType")[2]["data"]


def test_yunxin_chat_event_has_no_type(yunxin: Any) -> None:
    yunxin.listen()
    assert yunxin.admin("POST", "webhooks/im", {"event_type": 4})[1] == {"ok": True, "sent": 1}
    (push,) = yunxin.due()
    assert (json.loads(push.body)["eventType"], "type" in push.headers) == (4, False)
    assert yunxin.admin("POST", "webhooks/im", {"event_type": "4"})[1]["field"] == "event_type"
