"""The recorder's entrance: every credential that is not right, and what a right one brings."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import struct
import zlib
from typing import Any

import pytest

from tests.unit.doubles.clouds import (
    AGORA_A5,
    AGORA_APP,
    TRTC_APP,
    TRTC_T1,
    VOLC_APP,
    VOLC_V1,
    VOLC_V3,
    VOLC_V4,
    YUNXIN_APP,
    YUNXIN_N3,
)

CERTIFICATE = "5CFd2fd1755d40ecb72977518be15d3b"
START = 1_700_000_000


def text(value: str) -> bytes:
    return struct.pack("<H", len(value)) + value.encode()


def agora_token(rights: dict[int, int], uid: str = "900001", expire: int = 3600, service: int = 1) -> str:
    """As the vendor's page writes it; nothing of the double's is used."""
    pairs = b"".join(struct.pack("<HI", right, life) for right, life in rights.items())
    head = text(AGORA_APP) + struct.pack("<IIIH", START, expire, 7, 1)
    info = head + struct.pack("<HH", service, len(rights)) + pairs + text("room-demo-1") + text(uid)
    key = hmac.new(struct.pack("<I", START), CERTIFICATE.encode(), hashlib.sha256).digest()
    key = hmac.new(struct.pack("<I", 7), key, hashlib.sha256).digest()
    made = hmac.new(key, info, hashlib.sha256).digest()
    return "007" + base64.b64encode(zlib.compress(struct.pack("<H", 32) + made + info)).decode()


def remarks(cloud: Any) -> Any:
    return cloud.journal("entrance")[-1]["warnings"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, "ok"),
        ({"room": "room-demo-2"}, "room"),
        ({"user": "900002"}, "user"),
        ({"app": "0" * 32}, "app_id"),
        ({"token": ""}, "missing"),
        ({"token": "006" + AGORA_A5[3:]}, "malformed"),
        ({"token": AGORA_A5[:40]}, "malformed"),
        ({"token": "007AAAA"}, "malformed"),
        ({"token": agora_token({2: 60})}, "privilege"),
        ({"token": agora_token({1: 60}, service=3)}, "privilege"),
        ({"token": agora_token({1: 60}, uid="")}, "ok"),
        ({"token": agora_token({1: 60})}, "ok"),
    ],
)
def test_agora(agora: Any, change: dict[str, str], reason: str) -> None:
    good = {"room": "room-demo-1", "user": "900001", "token": AGORA_A5, "app": AGORA_APP}
    assert agora.visit(**(good | change)) == reason
    entry = agora.journal("entrance")[-1]
    assert (entry["result"], entry["by"]) == (reason, "task-1")
    assert bool(entry["reason"]) is (reason != "ok")
    assert bool(agora.rooms()) is (reason == "ok")
    assert AGORA_A5 not in str(agora.journal())


def test_agora_wrong_signature_and_expiry(agora: Any) -> None:
    raw = bytearray(zlib.decompress(base64.b64decode(AGORA_A5[3:])))
    raw[5] ^= 1
    spoilt = "007" + base64.b64encode(zlib.compress(bytes(raw))).decode()
    assert agora.visit("room-demo-1", "900001", spoilt, AGORA_APP) == "signature"
    agora.time.go(86_400)
    assert agora.visit("room-demo-1", "900001", AGORA_A5, AGORA_APP) == "expired"


def test_agora_rights_that_a_recorder_should_not_have(agora: Any) -> None:
    token = agora_token({1: 600, 2: 600}, uid="", expire=90_000)
    assert agora.visit("room-demo-1", "5", token, AGORA_APP) == "ok"
    assert remarks(agora) == [
        "the token is for any uid",
        "the token may publish",
        "the token lives longer than a day",
    ]


def test_agora_recorder_is_put_out_when_its_token_ends(agora: Any) -> None:
    gone: list[Any] = []
    agora.listen()
    agora.visit("room-demo-1", "900001", agora_token({1: 60}), AGORA_APP, lambda *why: gone.append(why))
    agora.run(59)
    assert gone == []
    (left,) = [body for body in agora.bodies(60) if body["eventType"] == 106]
    assert (gone, left["payload"]["reason"]) == ([("expired", 60)], 12)


def test_agora_project_without_tokens(agora: Any) -> None:
    agora.set(token_required=False)
    assert agora.visit("room-demo-1", "900001", "", AGORA_APP) == "ok"


def test_second_recorder_with_the_same_id_throws_out_the_first(agora: Any) -> None:
    gone: list[Any] = []
    agora.visit("room-demo-1", "900001", AGORA_A5, AGORA_APP, lambda *why: gone.append(why))
    agora.time.go(3)
    assert agora.visit("room-demo-1", "900001", AGORA_A5, AGORA_APP, by="task-2") == "ok"
    assert gone == [("replaced", 3)]
    (life,) = agora.rooms()
    assert [(r["by"], r["reason"]) for r in life["recorders"]] == [("task-1", "replaced"), ("task-2", "")]
    assert not agora.world.recorder_leaves("task-1", agora.now)
    assert agora.rooms()[0]["destroyed_at"] is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, "ok"),
        ({"room": "any-room"}, "ok"),  # a UserSig names no room
        ({"user": "xiaohong"}, "user"),
        ({"app": "1400000001"}, "app_id"),
        ({"token": TRTC_T1.replace("_", "=")}, "malformed"),
        ({"token": "abc"}, "malformed"),
        ({"token": ""}, "malformed"),
    ],
)
def test_trtc(trtc: Any, change: dict[str, str], reason: str) -> None:
    good = {"room": "8489", "user": "xiaojun", "token": TRTC_T1, "app": TRTC_APP}
    assert trtc.visit(**(good | change)) == reason


def user_sig(**changes: Any) -> str:
    body = {
        "TLS.ver": "2.0",
        "TLS.identifier": "xiaojun",
        "TLS.sdkappid": 1400000000,
        "TLS.expire": 86400,
        "TLS.time": START,
        "TLS.sig": "SNF4FmVCPucoXsBOpbVF3fFCf57JPm0ezZ1jeVILlVc=",
    } | changes
    packed = base64.b64encode(zlib.compress(json.dumps(body).encode())).decode()
    return packed.translate(str.maketrans("+/=", "*-_"))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, "ok"),
        ({"TLS.expire": 86401}, "signature"),
        ({"TLS.sdkappid": 1400000001}, "app_id"),
        ({"TLS.sdkappid": "1400000000"}, "malformed"),
        ({"TLS.sig": 5}, "malformed"),
    ],
)
def test_trtc_user_sig_by_field(trtc: Any, changes: dict[str, Any], reason: str) -> None:
    assert trtc.visit("8489", "xiaojun", user_sig(**changes), TRTC_APP) == reason


def test_trtc_user_sig_ends_and_who_is_in_stays(trtc: Any) -> None:
    assert trtc.visit("8489", "xiaojun", TRTC_T1, TRTC_APP) == "ok"
    trtc.run(86_400)
    assert trtc.rooms()[0]["recorders"][0]["to"] is None
    assert trtc.visit("8489", "xiaojun", TRTC_T1, TRTC_APP, by="task-2") == "expired"


@pytest.mark.parametrize(
    ("change", "reason", "warnings"),
    [
        ({}, "ok", []),
        ({"room": "old room"}, "room", []),
        ({"user": "nobody"}, "user", []),
        ({"app": "1" * 24}, "app_id", []),
        ({"token": VOLC_V1[:-4]}, "malformed", []),
        ({"token": "002" + VOLC_V1[3:]}, "malformed", []),
        ({"token": VOLC_V1.replace("SKFLS", "SKFLT")}, "signature", []),
        ({"token": VOLC_V3}, "ok", ["the token may publish"]),
        (
            {"token": VOLC_V4, "room": "any"},
            "ok",
            ["the token is for any room", "the token never ends"],
        ),
    ],
)
def test_volcengine(volcengine: Any, change: dict[str, str], reason: str, warnings: list[str]) -> None:
    good = {"room": "new room", "user": "new user id", "token": VOLC_V1, "app": VOLC_APP}
    assert volcengine.visit(**(good | change)) == reason
    assert remarks(volcengine) == warnings


def test_volcengine_token_ends(volcengine: Any) -> None:
    volcengine.listen()
    assert volcengine.visit("new room", "new user id", VOLC_V1, VOLC_APP) == "ok"
    bodies = [json.loads(push.body) for _, push in volcengine.run(86_400)]
    (left,) = [b for b in bodies if b["EventType"] == "UserLeaveRoom"]
    assert json.loads(left["EventData"])["Reason"] == "onUserTokenDidExpire"
    assert volcengine.visit("new room", "new user id", VOLC_V1, VOLC_APP) == "expired"


@pytest.mark.parametrize("state", ["ok", "used", "expired", "unknown"])
def test_zego_identify_token(rooms: Any, state: str) -> None:
    token = rooms.world.desk.mint("1234567890", 60, "scaled", rooms.now, keep=state != "unknown")
    if state == "used":
        rooms.visit("r", "", token, "", by="task-0")
        rooms.world.recorder_leaves("task-0", rooms.now)
    if state == "expired":
        rooms.time.go(60)
    before = len(rooms.rooms())
    assert rooms.visit("r", "", token, "", by="0123456789") == state
    assert len(rooms.rooms()) - before == (state == "ok")
    if state == "ok":
        (life,) = rooms.rooms()
        assert (life["app_id"], life["recorders"][0]["user"]) == ("1234567890", "robot-01234567")


def test_zego_recorder_of_one_stream_is_in_its_room(rooms: Any) -> None:
    rooms.world.person_enters("r", "7", rooms.now)
    rooms.world.publishes("r", "7", rooms.now, stream_id="s7")
    for stream, robots in (("s8", 0), ("s7", 1)):
        token = rooms.world.desk.mint("1234567890", 60, "scaled", rooms.now)
        assert rooms.visit("", "", token, "", by=stream, details={"stream": stream}) == "ok"
        assert len(rooms.rooms()[0]["recorders"]) == robots


def record_token(yunxin: Any, seconds: int = 60) -> str:
    from local.doubles.yunxin.tokens import Record

    record = Record(YUNXIN_APP, "room-demo-1", "900001", yunxin.now.scaled + seconds, "scaled")
    token: str = yunxin.world.desk.issue(record)
    return token


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, "ok"),
        ({"room": "room-demo-2"}, "room"),
        ({"user": "900002"}, "user"),
        ({"app": "f" * 32}, "app_id"),
        ({"token": YUNXIN_N3}, "unknown"),
    ],
)
def test_yunxin(yunxin: Any, change: dict[str, str], reason: str) -> None:
    token = record_token(yunxin)
    good = {"room": "room-demo-1", "user": "900001", "token": token, "app": YUNXIN_APP}
    assert yunxin.visit(**(good | change)) == reason


def test_yunxin_record_token_ends_or_is_used(yunxin: Any) -> None:
    token = record_token(yunxin)
    yunxin.set(record_single_use=True)
    assert yunxin.visit("room-demo-1", "900001", token, YUNXIN_APP) == "ok"
    assert yunxin.visit("room-demo-1", "900001", token, YUNXIN_APP) == "used"
    yunxin.time.go(60)
    assert yunxin.visit("room-demo-1", "900001", token, YUNXIN_APP) == "expired"


@pytest.mark.parametrize(
    ("token", "user", "after", "reason"),
    [
        (YUNXIN_N3, "900001", 0, "ok"),
        (YUNXIN_N3, "900002", 0, "signature"),
        (YUNXIN_N3, "900001", 86_399, "expired"),
        ("e30=", "900001", 0, "malformed"),
        ("x", "900001", 0, "malformed"),
    ],
)
def test_yunxin_join_token_enters_by_setting(
    yunxin: Any, token: str, user: str, after: float, reason: str
) -> None:
    yunxin.set(join_token_enters=True)
    yunxin.time.go(after)
    assert yunxin.visit("room-demo-1", user, token, YUNXIN_APP) == reason


def test_recorder_by_admin(agora: Any) -> None:
    body = {"app_id": AGORA_APP, "user_id": "900001", "token": AGORA_A5, "by": "other-vendor-1"}
    assert agora.admin("POST", "rooms/room-demo-1/recorder", body) == (200, {"result": "ok"})
    assert agora.admin("POST", "rooms/room-demo-1/recorder", body | {"user_id": "1"})[1] == {"result": "user"}
    asked = {"by": "other-vendor-1"}
    assert agora.admin("POST", "rooms/room-demo-1/recorder_leaves", asked)[1] == {"ok": True}
