"""Yidun's recorders in the rooms of the clouds, and token fetches for long rooms."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from local.doubles.model import Push, Request
from tests.unit.doubles.clouds import ACCOUNTS, AGORA_A5, AGORA_APP, VOLC_APP, VOLC_V1, YUNXIN_APP, people
from tests.unit.doubles.conftest import START, Time
from tests.unit.doubles.test_double_yidun_caller import GOOD, Answer, Yidun, form_of, md5

PLATFORMS = ["zego", "agora", "volcengine", "yunxin"]
TOKEN_URL = "https://mod.example.org/yidun/token"


@pytest.fixture
def clouds(rooms: Any, agora: Any, volcengine: Any, yunxin: Any) -> dict[str, Any]:
    return {"zego": rooms, "agora": agora, "volcengine": volcengine, "yunxin": yunxin}


@pytest.fixture
def yidun(clouds: dict[str, Any], time: Time) -> Yidun:
    return Yidun(time, {name: cloud.world for name, cloud in clouds.items()})


def encoded(text: str) -> str:
    return quote(text, safe="")


def yunxin_token(cloud: Any, room: str = "r") -> str:
    """Asked for like a customer does, while somebody is in the room."""
    (secret,) = ACCOUNTS.secret("yunxin", YUNXIN_APP, "app_secret")
    stamp = str(int(START))
    headers = {"AppKey": YUNXIN_APP, "Nonce": "n", "CurTime": stamp}
    headers["CheckSum"] = hashlib.sha1(f"{secret}n{stamp}".encode()).hexdigest()
    body = urlencode({"channelName": room, "type": 1, "uid": "900001"}).encode()
    path = "/nimserver/nrtc/getRecordSdkUserChecksum.action"
    reply = cloud.world.handle(Request("POST", path, (), headers, body), cloud.now)
    return str(json.loads(reply.body)["checksum"])


def credential(clouds: dict[str, Any], platform: str) -> tuple[str, str, str, str]:
    """App, room, uid and token that are right."""
    match platform:
        case "zego":
            token = clouds["zego"].world.desk.mint("1234567890", 3600, "scaled", clouds["zego"].now)
            return "1234567890", "room-1", "", token
        case "agora":
            return AGORA_APP, "room-demo-1", "900001", AGORA_A5
        case "volcengine":
            return VOLC_APP, "new room", "new user id", VOLC_V1
    people(clouds["yunxin"], "1")
    return YUNXIN_APP, "r", "900001", yunxin_token(clouds["yunxin"])


def address(platform: str, app: str, room: str, uid: str = "", token: str = "") -> str:
    room = encoded(room)
    who = f"{encoded(uid)}:{encoded(token)}@" if token else ""
    forms = {
        "zego": f"rtc://room.zego.im/{room}" + (f"?identify_token={encoded(token)}" if token else ""),
        "agora": f"agora://{who}{app}/{room}",
        "volcengine": f"rtc://{who}volcengine.com/{app}/{room}",
        "yunxin": f"yunxin://{who}{app}/{room}",
    }
    return forms[platform]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_recorder_is_in_the_room_while_the_task_runs(
    yidun: Yidun, clouds: dict[str, Any], platform: str
) -> None:
    task = yidun.start(url=address(platform, *credential(clouds, platform)))
    assert yidun.task(task)["token"] == "ok"
    (life,) = clouds[platform].rooms()
    assert [(r["by"], r["to"]) for r in life["recorders"]] == [(task, None)]
    yidun.run(30)
    yidun.stop(task)
    assert clouds[platform].rooms()[0]["recorders"][0]["to"]["at"] == 30
    assert yidun.task(task)["billed_seconds"] == 30


@pytest.mark.parametrize("platform", PLATFORMS)
def test_bad_credential_is_accepted_and_then_fails(
    yidun: Yidun, clouds: dict[str, Any], platform: str
) -> None:
    app, room, uid, _ = credential(clouds, platform)
    task = yidun.pushed(url=address(platform, app, room, uid or "", "invented"))
    (end,) = yidun.run(10)
    assert (end["antispam"]["status"], end["antispam"]["failureReason"]) == (3, 2)
    assert yidun.task(task)["token"] in ("unknown", "malformed")
    entry = clouds[platform].journal("entrance")[-1]
    assert (entry["by"], entry["result"]) == (task, yidun.task(task)["token"])


@pytest.mark.parametrize("platform", PLATFORMS)
def test_room_that_vanishes(yidun: Yidun, clouds: dict[str, Any], platform: str) -> None:
    app, room, uid, token = credential(clouds, platform)
    task = yidun.pushed(url=address(platform, app, room, uid, token))
    yidun.play({"at": 60, "text": "nobody hears this"})
    yidun.run(40)
    clouds[platform].world.closes(room, clouds[platform].now)
    (end,) = [item["antispam"] for item in yidun.run(300)]
    assert (end["status"], end["finishType"], end["duration"], end["billDuration"]) == (2, 0, 190, 40)
    assert (yidun.task(task)["end_reason"], yidun.task(task)["ended"]) == ("gone", 190)


def zego_task(yidun: Yidun, clouds: dict[str, Any], **fields: Any) -> str:
    return yidun.pushed(url=address("zego", *credential(clouds, "zego")), **fields)


def test_room_in_which_nobody_is(yidun: Yidun, clouds: dict[str, Any]) -> None:
    zego = clouds["zego"]
    people(zego, "u", room="room-1")
    yidun.play({"at": 300, "text": "somebody speaks"})
    task = zego_task(yidun, clouds)
    yidun.run(200)
    zego.world.person_leaves("room-1", "u", zego.now)
    yidun.run(340)
    assert yidun.task(task)["state"] == "running"
    yidun.run(500)
    assert (yidun.task(task)["end_reason"], yidun.task(task)["ended"]) == ("empty", 455)


def test_empty_rooms_may_be_borne(yidun: Yidun, clouds: dict[str, Any]) -> None:
    yidun.set(empty_room_ends=False, pull_timeout=20)
    task = zego_task(yidun, clouds)
    yidun.run(400)
    assert yidun.task(task)["state"] == "running"


def test_duplicate_uses_the_identify_token_up_without_entering(yidun: Yidun, clouds: dict[str, Any]) -> None:
    zego_task(yidun, clouds, uniqueKey="k")
    url = address("zego", *credential(clouds, "zego"))
    assert yidun.submit(url=url, uniqueKey="k")["result"]["status"] == 3
    assert [t["state"] for t in clouds["zego"].state()["tokens"]] == ["used", "used"]
    assert len(clouds["zego"].rooms()[0]["recorders"]) == 1


def test_short_form_ends_when_its_token_does(yidun: Yidun, clouds: dict[str, Any]) -> None:
    yidun.set(short_room_limit={"volcengine": 0})
    people(clouds["volcengine"], "u", room="new room")
    yidun.pushed(url=address("volcengine", *credential(clouds, "volcengine")))
    yidun.run(86_000)
    clouds["volcengine"].run(86_400)
    end = yidun.run(90_000)[-1]["antispam"]
    assert (end["finishType"], end["status"], end["duration"]) == (0, 2, 86_550)


def test_public_agora_room(yidun: Yidun, clouds: dict[str, Any]) -> None:
    clouds["agora"].set(token_required=False)
    task = yidun.start(url=f"agora://900001@{AGORA_APP}/open")
    assert (yidun.task(task)["token"], clouds["agora"].rooms()[0]["room_id"]) == ("ok", "open")


def test_platforms_without_a_double_let_everybody_in(time: Time) -> None:
    yidun = Yidun(time)
    for platform in PLATFORMS:
        yidun.start(url=address(platform, "app", "r", "7", "x"))
    assert {task["token"] for task in yidun.state()["tasks"]} == {"ok"}


def giving(clouds: dict[str, Any], platform: str, fetches: list[dict[str, str]]) -> Callable[[Push], Answer]:
    """The customer's token API; other pushes are taken."""

    def answer(push: Push) -> Answer:
        if push.url != TOKEN_URL:
            return 200, GOOD
        fetches.append(form_of(push))
        _, _, uid, token = credential(clouds, platform)
        return 200, json.dumps({"code": 200, "msg": "ok", "result": {"token": token, "uid": uid}})

    return answer


@pytest.mark.parametrize("platform", PLATFORMS)
def test_long_form_fetches_its_token(yidun: Yidun, clouds: dict[str, Any], platform: str) -> None:
    yidun.set(token_url=TOKEN_URL)
    yidun.play({"at": 3, "text": "a"})
    app, room, *_ = credential(clouds, platform)
    task = yidun.pushed(url=address(platform, app, room))
    assert yidun.task(task)["token"] == "fetching"
    fetches: list[dict[str, str]] = []
    (item,) = yidun.run(10, giving(clouds, platform, fetches))
    assert item["antispam"]["evidences"]["content"] == "a"
    (form,) = fetches
    wanted = ("secretId", "businessId", "timestamp", "nonce", "signature", "taskId", "dataId", "channel")
    assert set(form) == {*wanted, "appId", "platform"}
    assert form["signature"] == md5(form)
    assert (form["taskId"], form["channel"], form["platform"]) == (task, room, platform)
    assert form["appId"] == ("" if platform == "zego" else app)
    assert (yidun.task(task)["token"], yidun.got[0][1].timeout) == ("ok", 2.0)
    assert [r["by"] for r in clouds[platform].rooms()[0]["recorders"]] == [task]
    assert "token=" not in json.dumps(yidun.journal("push"))


def test_without_a_token_api_a_long_room_fails(yidun: Yidun) -> None:
    task = yidun.pushed(url=address("agora", AGORA_APP, "room-demo-1"))
    (end,) = yidun.run(10)
    assert (end["antispam"]["failureReason"], yidun.task(task)["token"]) == (2, "no_token_url")
    assert yidun.task(task)["token_fetches"] == 0


@pytest.mark.parametrize(
    "answer",
    [
        (None, ""),
        (500, GOOD),
        (200, "x"),
        (200, "[]"),
        (200, GOOD),
        (200, '{"code":400,"result":{"token":"t"}}'),
        (200, '{"code":200,"result":{"token":""}}'),
        (200, '{"code":200,"result":"t"}'),
    ],
)
def test_one_retry_and_then_it_fails(yidun: Yidun, answer: Answer) -> None:
    yidun.set(token_url=TOKEN_URL)
    task = yidun.pushed(url=address("agora", AGORA_APP, "room-demo-1"))
    ends = yidun.run(10, lambda push: answer if push.url == TOKEN_URL else (200, GOOD))
    assert ends[-1]["antispam"]["failureReason"] == 2
    assert [at for at, push in yidun.got if push.url == TOKEN_URL] == [0, 1]
    assert (yidun.task(task)["token"], yidun.task(task)["ended"]) == ("no_token", 4)


def test_names_of_fields_and_answers_are_settings(yidun: Yidun, clouds: dict[str, Any]) -> None:
    yidun.set(token_url=TOKEN_URL, token_fields={"channel": "roomId", "platform": "", "signature": "sign"})
    yidun.set(token_answer={"code": "status", "result": "", "token": "value"}, signature_method="SHA1")
    task = yidun.start(url=address("agora", AGORA_APP, "room-demo-1"))

    def answer(push: Push) -> Answer:
        form = form_of(push)
        assert (form["roomId"], "platform" in form) == ("room-demo-1", False)
        assert form.pop("sign") == md5(form, method="sha1")
        return 200, json.dumps({"status": 200, "value": AGORA_A5, "uid": 900001})

    yidun.run(5, answer)
    assert yidun.task(task)["token"] == "ok"


def test_token_is_fetched_again_when_the_recorder_is_put_out(yidun: Yidun, clouds: dict[str, Any]) -> None:
    yidun.set(token_url=TOKEN_URL)
    cloud = clouds["agora"]
    people(cloud, "u", room="room-demo-1")
    task = yidun.pushed(url=address("agora", AGORA_APP, "room-demo-1"))
    fetches: list[dict[str, str]] = []
    answer = giving(clouds, "agora", fetches)
    yidun.run(5, answer)
    recorder = cloud.world.rooms.stay_of(task)
    assert recorder
    cloud.world.rooms.leave(*recorder, "expired", cloud.now)
    yidun.run(200, answer)
    assert (len(fetches), yidun.task(task)["state"]) == (2, "running")
    assert [r["by"] for r in cloud.rooms()[0]["recorders"]] == [task, task]
    recorder = cloud.world.rooms.stay_of(task)
    assert recorder
    cloud.world.rooms.leave(*recorder, "expired", cloud.now)
    end = yidun.run(400, lambda push: (500, "") if push.url == TOKEN_URL else (200, GOOD))[-1]["antispam"]
    assert (end["finishType"], end["status"], end["billDuration"]) == (0, 2, 200)
    assert (yidun.task(task)["ended"], yidun.task(task)["token_fetches"]) == (350, 4)


def test_stopped_while_a_token_is_fetched(yidun: Yidun, clouds: dict[str, Any]) -> None:
    yidun.set(token_url=TOKEN_URL)
    task = yidun.start(url=address("agora", AGORA_APP, "room-demo-1"))
    yidun.stop(task)
    yidun.run(10, giving(clouds, "agora", []))
    assert (yidun.task(task)["end_reason"], yidun.task(task)["billed_seconds"]) == ("finished", 0)
    assert clouds["agora"].rooms() == []


@pytest.mark.parametrize(
    ("order", "sent"),
    [
        ({"fault": "drop"}, [1]),
        ({"fault": "status", "status": 502}, [1]),
        ({"fault": "code", "code": 500}, [1]),
        ({"fault": "body", "body": "{}"}, [1]),
        ({"fault": "delay", "seconds": 5}, [5]),
        ({"fault": "accept_then_drop"}, [0, 1]),
        ({"fault": "forget"}, [0, 1]),
    ],
)
def test_orders_for_fetches(yidun: Yidun, clouds: dict[str, Any], order: Any, sent: list[int]) -> None:
    yidun.set(token_url=TOKEN_URL)
    yidun.faults(order | {"on": "token", "match": {"data_id": "room-1:1"}})
    task = yidun.start(url=address("agora", AGORA_APP, "room-demo-1"))
    yidun.run(20, giving(clouds, "agora", []))
    assert yidun.times() == sent
    assert yidun.task(task)["token"] == "ok"
