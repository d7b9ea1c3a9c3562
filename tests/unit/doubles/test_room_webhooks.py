"""Webhooks on their way: addresses, ladders of retries, and orders that spoil them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.doubles.zego import events as zego
from tests.unit.doubles.clouds import AGORA_APP, URL


def opened(cloud: Any, room: str = "r", user: str = "7") -> None:
    cloud.world.person_enters(room, user, cloud.now)


def test_nothing_is_sent_without_an_address(rooms: Any) -> None:
    opened(rooms)
    assert rooms.run(100) == []
    assert rooms.state()["webhooks"] == {}


def test_address_per_app_and_while_running(agora: Any) -> None:
    urls = {AGORA_APP: f"{URL}/one"}
    status, view = agora.admin("POST", "settings", {"webhook_url": URL, "webhook_urls": urls})
    assert (status, view["webhook_urls"]) == (200, urls)
    opened(agora)
    assert {push.url for push in agora.due()} == {f"{URL}/one"}
    agora.set(webhook_urls={AGORA_APP: ""})
    opened(agora, user="8")
    assert agora.due() == []
    assert agora.admin("POST", "settings", {"webhook_urls": {"x": 1}})[1]["field"] == "webhook_urls.x"
    assert agora.admin("POST", "settings", {"webhook_urls": 1})[1]["field"] == "webhook_urls"


@pytest.mark.parametrize(
    ("name", "seconds", "timeout"),
    [
        ("rooms", [0, 2, 6, 14, 30, 62], 5),
        ("agora", [0, 0, 5, 20], 10),
        ("trtc", [0, 0, 10, 20, 30, 40, 50, 60], 5),
        ("volcengine", [0, 1, 2], 5),
        ("yunxin", [0, 5, 15, 30], 5),
    ],
)
def test_ladder_of_retries(
    request: pytest.FixtureRequest, name: str, seconds: list[float], timeout: float
) -> None:
    cloud = request.getfixturevalue(name)
    cloud.listen()
    opened(cloud)
    first = cloud.world.advance(cloud.now)[-1]
    cloud.world.push_result(first, 500, cloud.now)
    arrived = cloud.run(10_000, status=lambda p: 500 if p.delivery == first.delivery else 200)
    assert [at for at, push in arrived if push.delivery == first.delivery] == seconds[1:]
    assert first.timeout == timeout
    assert cloud.state()["webhooks"]["given_up"] == 1


def test_trtc_gives_up_when_the_message_is_a_minute_old(trtc: Any) -> None:
    trtc.listen(webhook_retries=[0, 10, 10, 10, 10, 10, 10, 10, 10, 10])
    opened(trtc)
    assert [at for at, push in trtc.run(999, None) if push.delivery == 1][-1] == 60


@pytest.mark.parametrize(("name", "fine"), [("rooms", True), ("agora", False)])
def test_success(request: pytest.FixtureRequest, name: str, fine: bool) -> None:
    cloud = request.getfixturevalue(name)
    cloud.listen()
    opened(cloud)
    arrived = cloud.run(1, status=204)
    assert (len(arrived) == len({push.delivery for _, push in arrived})) is fine


def test_dropped_webhook_counts_as_an_attempt(rooms: Any) -> None:
    rooms.listen()
    rooms.faults({"on": "webhook", "fault": "drop", "match": {"event": "room_create"}})
    opened(rooms)
    arrived = [(at, json.loads(push.body)["event"], push.attempt) for at, push in rooms.run(10)]
    assert arrived == [(0, "room_login", 1), (2, "room_create", 2)]
    assert rooms.journal("push")[0]["status"] == "dropped"


def test_delayed_and_reordered(rooms: Any) -> None:
    rooms.listen()
    rooms.faults({"on": "webhook", "fault": "reorder", "match": {"event": "room_create", "room": "r"}})
    opened(rooms)
    assert [json.loads(p.body)["event"] for _, p in rooms.run(1)] == ["room_login", "room_create"]
    rooms.faults({"on": "webhook", "fault": "delay", "seconds": 7, "match": {"user": "8"}})
    opened(rooms, user="8")
    assert [at for at, _ in rooms.run(50)] == [8]


def test_reordered_alone_is_let_go(agora: Any) -> None:
    agora.listen()
    opened(agora)
    agora.due()
    agora.faults({"on": "webhook", "fault": "reorder", "seconds": 9, "match": {"kind": "entered"}})
    opened(agora, user="8")
    assert [at for at, _ in agora.run(50)] == [9]


def test_agora_duplicate_has_the_same_notice_id_and_another_time(agora: Any) -> None:
    agora.listen()
    agora.faults({"on": "webhook", "fault": "duplicate", "match": {"event": "101", "platform": "agora"}})
    opened(agora)
    one, two = [json.loads(push.body) for push in agora.due() if '"eventType":101' in push.body]
    assert one["noticeId"] == two["noticeId"]
    assert one["notifyMs"] != two["notifyMs"]
    assert one["payload"] == two["payload"]


def test_agora_retry_has_the_same_notice_id_and_another_time(agora: Any) -> None:
    agora.listen(webhook_retries=[5])
    opened(agora)
    bodies = [json.loads(push.body) for _, push in agora.run(99, status=500)]
    one, two = [body for body in bodies if body["eventType"] == 101]
    assert (one["noticeId"], two["notifyMs"] - one["notifyMs"]) == (two["noticeId"], 5000)


@pytest.mark.parametrize(("fresh", "differ"), [(False, False), (True, True)])
def test_zego_stamp_of_retries_is_a_setting(rooms: Any, fresh: bool, differ: bool) -> None:
    rooms.listen(webhook_fresh_stamp=fresh)
    opened(rooms)
    bodies = [json.loads(push.body) for _, push in rooms.run(3, status=500)]
    one, two = [body for body in bodies if body["event"] == "room_create"]
    assert (one["nonce"] != two["nonce"], one["timestamp"] != two["timestamp"]) == (differ, differ)
    for body in (one, two):
        expected = zego.signature("secret-ABC", str(body["timestamp"]), body["nonce"])
        assert body["signature"] == expected


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("rooms", "signature"),
        ("agora", "Agora-Signature-V2"),
        ("trtc", "Sign"),
        ("volcengine", "Signature"),
        ("yunxin", "CheckSum"),
    ],
)
def test_corrupted(request: pytest.FixtureRequest, name: str, where: str) -> None:
    cloud = request.getfixturevalue(name)
    cloud.listen()
    cloud.faults(
        {"on": "webhook", "fault": "corrupt"},
        {"on": "webhook", "fault": "corrupt", "how": "unsigned"},
        {"on": "webhook", "fault": "corrupt", "how": "body"},
    )
    for user in ("7", "8", "9", "10"):
        opened(cloud, user=user)
    wrong, unsigned, cut, good = cloud.due()[:4]

    def signed(push: Any) -> Any:
        return dict(push.headers).get(where) or json.loads(push.body).get(where)

    assert signed(wrong)
    assert signed(good)
    assert signed(wrong) != signed(good)
    assert signed(unsigned) is None
    with pytest.raises(ValueError, match=r"."):
        json.loads(cut.body)


@pytest.mark.parametrize(
    ("order", "field"),
    [
        ({"on": "webhook", "fault": "corrupt", "how": "so"}, "how"),
        ({"on": "webhook", "fault": "delay"}, "seconds"),
        ({"on": "webhook", "fault": "code"}, "fault"),
        ({"on": "webhook", "fault": "drop", "match": {"colour": "red"}}, "match.colour"),
    ],
)
def test_wrong_order(agora: Any, order: Any, field: str) -> None:
    status, answer = agora.admin("POST", "faults", order)
    assert (status, answer["field"]) == (400, field)


def test_address_checks(agora: Any, yunxin: Any, trtc: Any) -> None:
    for cloud in (agora, yunxin, trtc):
        cloud.listen()
    assert agora.admin("POST", "webhooks/check")[1] == {"ok": True, "sent": 10}
    pushes = agora.due(500)
    assert {json.loads(push.body)["payload"]["channelName"] for push in pushes} == {"test_webhook"}
    assert agora.run(100) == []  # never repeated
    assert yunxin.admin("POST", "webhooks/check", {})[1]["sent"] == 1
    (push,) = yunxin.due()
    assert (push.body, push.headers["MD5"]) == ("{}", "99914b932bd37a50b983c5e7c90ae93b")
    assert trtc.admin("POST", "webhooks/check")[1]["sent"] == 0
    assert yunxin.admin("POST", "webhooks/check", {"app_id": "x"})[1]["field"] == "app_id"


def test_journal_of_webhooks(trtc: Any) -> None:
    trtc.listen()
    opened(trtc)
    trtc.due()
    entry = trtc.journal("push")[0]
    assert (entry["event"], entry["room"], entry["status"], entry["url"]) == ("101", "r", 200, URL)
    assert entry["headers"]["SdkAppId"] == "1400000000"
