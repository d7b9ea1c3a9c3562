"""Orders to misbehave, and the optional pushes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.doubles.settings import BadField
from tests.unit.doubles.conftest import Time
from tests.unit.doubles.test_double_volcengine_content_caller import RECEIVER, ROOM_KEYS, Content

LINES: list[Any] = [
    {"at": 0, "text": "a"},
    {"at": 10, "text": "b", "risk_level": "REJECT", "risk_type": 210},
    {"at": 20, "text": "c"},
]


@pytest.fixture
def content(time: Time) -> Content:
    content = Content(time)
    content.set(callback_key="callback")
    content.play(*LINES)
    return content


def said(pushed: list[Any]) -> list[str]:
    return [one["Details"][0]["AudioText"] for one in pushed]


# Calls.


@pytest.mark.parametrize("operation", ["submit", "poll", "finish"])
def test_nothing_is_done_when_it_is_dropped(content: Content, operation: str) -> None:
    if operation != "submit":
        content.start()
    content.faults({"on": operation, "fault": "drop"})
    call = {"submit": "AsyncLiveAudioRisk", "poll": "GetAudioLiveResult", "finish": "CloseAudioLive"}
    body = {"submit": content.body(), "poll": None, "finish": content.asked() | {"AppId": 12345}}[operation]
    query = content.asked() if operation == "poll" else None
    reply = content.send(content.request(call[operation], body, query))
    assert reply.cut == "close"
    states = [task["state"] for task in content.state()["tasks"]]
    assert states == ([] if operation == "submit" else ["running"])
    assert content.journal("call")[-1]["verdict"]["ok"] is None


@pytest.mark.parametrize(("fault", "hold"), [("accept_then_timeout", 4.0), ("accept_then_drop", 0.0)])
def test_accepted_and_never_said(content: Content, fault: str, hold: float) -> None:
    more = {"seconds": 4} if hold else {}
    content.faults({"on": "submit", "fault": fault} | more)
    reply = content.send(content.request("AsyncLiveAudioRisk", content.body()))
    assert (reply.cut, reply.hold) == ("close", hold)
    assert content.task()["state"] == "running"
    content.start()
    assert len(content.state()["tasks"]) == 1


def test_delay_status_and_other_bodies(content: Content) -> None:
    content.faults(
        {"on": "submit", "fault": "delay", "seconds": 3},
        {"on": "submit", "fault": "status", "status": 503, "body": "busy"},
        {"on": "submit", "fault": "body", "body": "{}"},
    )
    replies = [content.send(content.request("AsyncLiveAudioRisk", content.body())) for _ in range(3)]
    assert [(one.hold, one.status) for one in replies] == [(3.0, 200), (0.0, 503), (0.0, 200)]
    assert (replies[1].body, replies[2].body) == ("busy", "{}")


@pytest.mark.parametrize(
    ("code", "message"),
    [(1002, "auth failed"), (1004, "qps limit"), (2000, "internal error"), (1012, "fault")],
)
def test_business_codes_to_order(content: Content, code: int, message: str) -> None:
    content.faults({"on": "submit", "fault": "code", "code": code})
    result = content.submit()
    assert (result["Code"], result["Message"]) == (code, message)
    assert content.state()["tasks"] == []


@pytest.mark.parametrize(
    ("code", "name", "status"),
    [(100014, "InternalError", 500), (100016, "InternalServiceTimeout", 500), (100013, "AccessDenied", 403)],
)
def test_gateway_codes_to_order(content: Content, code: int, name: str, status: int) -> None:
    content.faults({"on": "poll", "fault": "code", "code": code})
    reply = content.send(content.request("GetAudioLiveResult", None, content.asked()))
    error = json.loads(reply.body)["ResponseMetadata"]["Error"]
    assert (reply.status, error["CodeN"], error["Code"]) == (status, code, name)


def test_forget(content: Content) -> None:
    content.set(poll_returns="new", room_keys=ROOM_KEYS)
    content.faults(*({"on": on, "fault": "forget"} for on in ("submit", "poll", "finish")))
    assert content.enter("t")["Code"] == 0
    assert content.state()["tasks"] == []
    content.enter("t")
    assert content.task()["token"] == "used"
    content.start(data_id="b")
    content.run(10)
    assert len(content.data("b")["Details"]) == len(content.data("b")["Details"]) == 1
    assert content.close("b")["Code"] == 0
    assert content.task()["state"] == "running"
    assert content.close("b")["Code"] == 0
    assert content.task()["state"] == "ended"


def test_die_and_revive(content: Content) -> None:
    content.faults({"fault": "die"})
    request = content.request("AsyncLiveAudioRisk", content.body())
    assert content.send(request).cut == "reset"
    content.faults({"fault": "revive"})
    content.start()


@pytest.mark.parametrize(
    ("match", "hit"),
    [
        ({"room": "room-1"}, True),
        ({"room": "room-2"}, False),
        ({"data_id": "watch-1"}, True),
        ({"task": "watch-1", "app_id": "12345"}, True),
        ({"app_id": "1"}, False),
    ],
)
def test_matching(content: Content, match: Any, hit: bool) -> None:
    for on in ("submit", "finish"):
        content.faults({"on": on, "fault": "code", "code": 2000, "match": match})
    assert content.submit()["Code"] == (2000 if hit else 0)
    content.start()
    assert content.close()["Code"] == (2000 if hit else 0)


def test_rooms_are_matched_by_their_configured_key(content: Content) -> None:
    content.set(room_keys=ROOM_KEYS)
    content.faults({"on": "submit", "fault": "code", "code": 2000, "match": {"room": "r7"}})
    assert [content.enter(room=room)["Code"] for room in ("r6", "r7")] == [0, 2000]


def test_wrong_orders(content: Content) -> None:
    for order in ({"on": "mint", "fault": "drop"}, {"on": "push", "fault": "status"}, 5):
        assert content.admin("POST", "faults", order)[0] == 400
    with pytest.raises(BadField):
        content.set(poll_returns="some")


def test_journal_of_calls(content: Content) -> None:
    content.start()
    content.poll()
    content.close()
    calls = content.journal("call")
    assert [entry["operation"] for entry in calls] == ["submit", "poll", "finish"]
    assert {(entry["task"], entry["room"], entry["service"]) for entry in calls} == {
        ("watch-1", "room-1", "audio_live_risk")
    }
    assert isinstance(calls[0]["body"]["Parameters"], str)
    assert calls[1]["query"]["DataId"] == "watch-1"
    assert calls[0]["answer"]["body"]["Result"]["Code"] == 0


# Pushes.


def test_no_pushes_unless_a_key_is_configured(content: Content) -> None:
    content.set(callback_key="")
    content.start(callback=RECEIVER)
    assert content.run(60) == []


def test_every_slice_is_pushed_by_itself(content: Content) -> None:
    content.start(callback=RECEIVER)
    pushed = content.run(35)
    assert said(pushed) == ["a", "b", "c"]
    assert [at for at, _ in content.got] == [10, 20, 30]
    assert {one["DataId"] for one in pushed} == {"watch-1"}
    push = content.got[0][1]
    assert (push.url, push.timeout, push.content_type) == (RECEIVER, 5.0, "application/json")
    assert content.task()["segments"] == {"made": 3, "pushed": 3, "acknowledged": 3, "given_up": 0}


def test_or_all_so_far_or_only_hits(content: Content) -> None:
    content.set(push_whole=True, push_passes=False)
    content.start(callback=RECEIVER)
    (pushed,) = content.run(35)
    assert [one["AudioText"] for one in pushed["Details"]] == ["a", "b"]


def test_retries_then_given_up(content: Content) -> None:
    content.set(push_passes=False)
    content.start(callback=RECEIVER)
    content.run(35, None)
    assert [at for at, _ in content.got] == [20, 21, 22]
    assert content.task()["segments"] == {"made": 3, "pushed": 1, "acknowledged": 0, "given_up": 1}
    entries = content.journal("push")
    assert [(one["attempt"], one["status"]) for one in entries] == [(n, "no answer") for n in (1, 2, 3)]
    assert (entries[0]["task"], entries[0]["room"], entries[0]["push"]) == ("watch-1", "room-1", "segment")


@pytest.mark.parametrize("kind", ["drop", "delay", "duplicate", "reorder"])
def test_orders_for_pushes(content: Content, kind: str) -> None:
    more = {"delay": {"seconds": 12}, "duplicate": {"copies": 2}}.get(kind, {})
    content.faults({"on": "push", "fault": kind, "match": {"number": "0"}} | more)
    content.start(callback=RECEIVER)
    expected = {
        "drop": ["a", "b", "c"],
        "delay": ["b", "a", "c"],
        "duplicate": ["a", "a", "a", "b", "c"],
        "reorder": ["b", "a", "c"],
    }
    assert said(content.run(35)) == expected[kind]
    assert content.task()["segments"]["acknowledged"] == 3


def test_corrupt_is_half_a_body(content: Content) -> None:
    content.faults({"on": "push", "fault": "corrupt"})
    content.start(callback=RECEIVER)
    content.time.to(10)
    (push,) = content.world.advance(content.time.now)
    with pytest.raises(json.JSONDecodeError):
        json.loads(push.body)
    content.world.push_result(push, 400, content.time.now)
    assert said(content.run(15)) == ["a"]


def test_held_push_is_let_go_in_the_end(content: Content) -> None:
    content.set(push_passes=False)
    content.faults({"on": "push", "fault": "reorder", "seconds": 3})
    content.start(callback=RECEIVER)
    content.run(35)
    assert [at for at, _ in content.got] == [23]
