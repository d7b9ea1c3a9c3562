"""Shumei's recorders in the rooms of the clouds: let in, put out, taken back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.doubles.shumei.door import Clouds
from local.doubles.shumei.world import ShumeiWorld
from tests.unit.doubles.clouds import ACCOUNTS, AGORA_A5, AGORA_APP, TRTC_APP, TRTC_T1, VOLC_APP, VOLC_V1
from tests.unit.doubles.conftest import Shumei, Time

AGORA = {"appId": AGORA_APP, "channel": "room-demo-1", "token": AGORA_A5, "uid": 900001}
TRTC = {"sdkAppId": int(TRTC_APP), "userId": "xiaojun", "userSig": TRTC_T1, "roomId": 8489}
VOLC = {"appId": VOLC_APP, "roomId": "new room", "token": VOLC_V1, "userId": "new user id"}


@pytest.fixture
def everybody(rooms: Any, agora: Any, trtc: Any, volcengine: Any, gin: Any) -> dict[str, Any]:
    return {"ZEGO": rooms, "AGORA": agora, "TRTC": trtc, "VOLC": volcengine, "GIN": gin}


@pytest.fixture
def auditor(everybody: dict[str, Any], time: Time) -> Shumei:
    clouds = Clouds({kind: cloud.world for kind, cloud in everybody.items()})
    return Shumei(ShumeiWorld(ACCOUNTS, entrance=clouds), time)


def param(everybody: dict[str, Any], kind: str) -> dict[str, Any]:
    if kind == "ZEGO":
        world = everybody[kind].world
        token = world.desk.mint("1234567890", 3600, "scaled", everybody[kind].now)
        return {"tokenId": token, "roomId": "room-1"}
    if kind == "GIN":
        from tests.unit.doubles.test_room_queries_more import GIN, ask_gin

        answer = ask_gin(everybody[kind], GIN)[1]
        return {"tokenId": answer["token"], "roomId": "r", "ip": answer["ip"], "port": str(answer["port"])}
    fixed: dict[str, dict[str, Any]] = {"AGORA": AGORA, "TRTC": TRTC, "VOLC": VOLC}
    return fixed[kind]


KINDS = ["ZEGO", "AGORA", "TRTC", "VOLC", "GIN"]


@pytest.mark.parametrize("kind", KINDS)
def test_recorder_is_in_the_room_while_the_task_runs(
    auditor: Shumei, everybody: dict[str, Any], kind: str
) -> None:
    everybody["TRTC"].set(scene="call")
    task = auditor.start(kind, param(everybody, kind))
    assert auditor.task(task)["token"] == "ok"
    (life,) = everybody[kind].rooms()
    assert [(r["by"], r["to"]) for r in life["recorders"]] == [(task, None)]
    assert life["people"] == []
    auditor.run(30)
    auditor.finish(task)
    (life,) = everybody[kind].rooms()
    assert (life["recorders"][0]["to"]["at"], life["destroyed_at"]["at"]) == (30, 30)


@pytest.mark.parametrize(
    ("kind", "change", "reason"),
    [
        ("ZEGO", {"tokenId": "invented"}, "unknown"),
        ("AGORA", {"uid": 5}, "user"),
        ("AGORA", {"channel": "other"}, "room"),
        ("AGORA", {"token": ""}, "missing"),
        ("TRTC", {"userId": "other"}, "user"),
        ("VOLC", {"roomId": "other"}, "room"),
        ("GIN", {"ip": "10.0.0.1"}, "ip"),
    ],
)
def test_bad_credential_is_accepted_and_then_fails(
    auditor: Shumei, everybody: dict[str, Any], kind: str, change: dict[str, Any], reason: str
) -> None:
    task = auditor.start(kind, param(everybody, kind) | change)
    assert auditor.task(task)["token"] == reason
    (end,) = auditor.run(30)
    assert (end["statCode"], end["auxInfo"]["errorCode"]) == (1, 3005)
    assert auditor.task(task)["billed_seconds"] == 0
    assert everybody[kind].rooms() == []
    entry = everybody[kind].journal("entrance")[-1]
    assert (entry["result"], entry["by"]) == (reason, task)
    assert entry["reason"]


@pytest.mark.parametrize("kind", KINDS)
def test_task_ends_when_the_platform_closes_the_room(
    auditor: Shumei, everybody: dict[str, Any], kind: str
) -> None:
    task = auditor.start(kind, param(everybody, kind))
    cloud = everybody[kind]
    auditor.run(15)
    cloud.world.closes(cloud.rooms()[0]["room_id"], cloud.now)
    end = auditor.run(40)[-1]
    assert (end["requestId"], end["statCode"], end["auxInfo"]["errorCode"]) == (task, 1, 3003)
    assert (auditor.task(task)["end_reason"], auditor.task(task)["ended"]) == ("gone", 17)


def test_task_ends_when_the_last_person_leaves_a_cloud_that_does_not_wait(
    auditor: Shumei, everybody: dict[str, Any]
) -> None:
    agora = everybody["AGORA"]
    agora.set(recorder_keeps_room=False)
    agora.world.person_enters("room-demo-1", "7", agora.now)
    task = auditor.start("AGORA", AGORA)
    agora.world.person_leaves("room-demo-1", "7", agora.now)
    auditor.run(5)
    assert auditor.task(task)["state"] == "ended"
    assert agora.rooms()[0]["destroyed_at"]["at"] == 0


def test_task_ends_with_3005_when_its_token_does(auditor: Shumei, everybody: dict[str, Any]) -> None:
    auditor.set(segment_seconds=10_000)
    auditor.start("VOLC", VOLC)
    everybody["VOLC"].run(86_400)
    end = auditor.run(86_410)[-1]
    assert end["auxInfo"]["errorCode"] == 3005


def test_two_tasks_with_one_recorder_id(auditor: Shumei, everybody: dict[str, Any]) -> None:
    auditor.set(duplicate_key={"AGORA": False})
    first, second = auditor.start("AGORA", AGORA), auditor.start("AGORA", AGORA)
    auditor.run(5)
    assert (auditor.task(first)["end_reason"], auditor.task(second)["state"]) == ("gone", "running")
    recorders = everybody["AGORA"].rooms()[0]["recorders"]
    assert [(r["by"], r["reason"]) for r in recorders] == [(first, "replaced"), (second, "")]


def test_forgotten_submission_leaves_the_room(auditor: Shumei, everybody: dict[str, Any]) -> None:
    auditor.faults({"on": "submit", "fault": "forget"})
    auditor.start("AGORA", AGORA)
    assert everybody["AGORA"].rooms()[0]["destroyed_at"] is not None


def test_zego_webhooks_tell_of_the_robot(auditor: Shumei, everybody: dict[str, Any]) -> None:
    rooms = everybody["ZEGO"]
    rooms.listen()
    task = auditor.start("ZEGO", param(everybody, "ZEGO"))
    auditor.finish(task)
    bodies = [json.loads(push.body) for push in rooms.due()]
    assert [(b["event"], b.get("user_role")) for b in bodies] == [
        ("room_create", None),
        ("room_login", "4"),
        ("room_logout", "4"),
        ("room_close", None),
    ]


def test_duplicate_uses_the_identify_token_up_without_entering(
    auditor: Shumei, everybody: dict[str, Any]
) -> None:
    auditor.start("ZEGO", param(everybody, "ZEGO"))
    assert "detail" in auditor.submit("ZEGO", param(everybody, "ZEGO"))
    assert [t["state"] for t in everybody["ZEGO"].state()["tokens"]] == ["used", "used"]
    assert len(everybody["ZEGO"].rooms()[0]["recorders"]) == 1


def test_single_use_may_depend_on_init_domain(auditor: Shumei, everybody: dict[str, Any]) -> None:
    auditor.set(token_single_use="init_domain_5")
    given = param(everybody, "ZEGO")
    auditor.start("ZEGO", given)
    task = auditor.start("ZEGO", given | {"roomId": "room-2"}, initDomain=4)
    assert auditor.task(task)["token"] == "ok"
    assert [life["room_id"] for life in everybody["ZEGO"].rooms()] == ["room-1", "room-2"]


def test_types_without_a_cloud_are_let_through(time: Time) -> None:
    auditor = Shumei(ShumeiWorld(ACCOUNTS, entrance=Clouds({})), time)
    for kind in ("NORMAL", "ALI", "AGORA", "ZEGO"):
        auditor.start(kind)
    assert {task["token"] for task in auditor.state()["tasks"]} == {"ok"}
