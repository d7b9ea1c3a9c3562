"""Orders to misbehave at calls, on both doubles; what a wrong order is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from local.doubles.model import Json, Reply
    from tests.unit.doubles.conftest import Shumei, Zego

CALLS = [
    ({"fault": "delay", "seconds": 2}, {"hold": 2.0, "cut": "", "done": True}),
    ({"fault": "drop"}, {"hold": 0, "cut": "close", "done": False}),
    ({"fault": "status", "status": 502, "body": "<html>"}, {"status": 502, "body": "<html>", "done": False}),
    ({"fault": "code", "code": 1903, "message": "x"}, {"code": 1903, "cut": "", "done": False}),
    ({"fault": "accept_then_timeout", "seconds": 9}, {"hold": 9.0, "cut": "close", "done": True}),
    ({"fault": "accept_then_drop"}, {"hold": 0, "cut": "close", "done": True}),
    ({"fault": "body", "body": "{oops"}, {"body": "{oops", "status": 200, "done": True}),
]


def seen(reply: Reply) -> Json:
    view = {"hold": reply.hold, "cut": reply.cut, "status": reply.status, "body": reply.body}
    try:
        answer = json.loads(reply.body)
    except ValueError:
        return view
    return view | {"code": answer.get("code", answer.get("Code"))}


@pytest.mark.parametrize(("order", "expected"), CALLS)
def test_submit(shumei: Shumei, order: Json, expected: Json) -> None:
    shumei.faults(order | {"on": "submit"})
    view = seen(shumei.send(shumei.body())) | {"done": bool(shumei.state()["tasks"])}
    assert view | expected == view
    assert shumei.journal()[-1]["verdict"]["ok"] is (True if expected["done"] else None)
    assert shumei.journal()[-1]["fault"]["fault"] == order["fault"]
    assert json.loads(shumei.send(shumei.body("TRTC")).body)["code"] == 1100  # once only


@pytest.mark.parametrize(("order", "expected"), CALLS)
def test_finish(shumei: Shumei, order: Json, expected: Json) -> None:
    task = shumei.start()
    shumei.faults(order | {"on": "finish"})
    body = {"accessKey": "AK_EXAMPLE", "requestId": task}
    view = seen(shumei.post("/v2/saas/anti_fraud/finish_audiostream", body))
    view |= {"done": shumei.task(task)["state"] == "ended"}
    assert view | expected == view


@pytest.mark.parametrize(("order", "expected"), CALLS)
def test_mint(zego: Zego, order: Json, expected: Json) -> None:
    zego.faults(order | {"on": "mint"})
    view = seen(zego.raw(zego.params())) | {"done": bool(zego.state()["tokens"])}
    assert view | expected == view


def test_status_is_html_unless_said_otherwise(shumei: Shumei) -> None:
    shumei.faults({"on": "submit", "fault": "status", "status": 503})
    assert shumei.send(shumei.body()).content_type.startswith("text/html")
    shumei.faults({"on": "submit", "fault": "status", "status": 503, "content_type": "text/plain"})
    assert shumei.send(shumei.body()).content_type == "text/plain"


def test_forgotten_submission(shumei: Shumei) -> None:
    shumei.faults({"on": "submit", "fault": "forget"})
    task = shumei.start()
    assert shumei.run(100) == []
    assert shumei.finish(task)["code"] == 1902
    assert "detail" not in shumei.submit()


def test_forgotten_finish(shumei: Shumei) -> None:
    task = shumei.start()
    shumei.faults({"on": "finish", "fault": "forget"})
    assert shumei.finish(task)["code"] == 1100
    assert shumei.task(task)["state"] == "running"


@pytest.mark.parametrize("on", [{}, {"on": "finish"}])
def test_die_refuses_every_call_until_revived(shumei: Shumei, on: Json) -> None:
    shumei.faults({"fault": "die"} | on)
    assert [shumei.send(shumei.body()).cut for _ in range(3)] == ["reset"] * 3
    assert shumei.state()["tasks"] == []
    assert shumei.journal()[-1]["fault"]["fault"] == "die"
    shumei.faults({"fault": "revive"})
    assert shumei.submit()["code"] == 1100


def test_die_for_so_many_calls(zego: Zego) -> None:
    zego.faults({"fault": "die", "times": 2, "after": 1})
    assert [zego.raw(zego.params()).cut for _ in range(4)] == ["", "reset", "reset", ""]


def test_delete_revives(zego: Zego) -> None:
    zego.faults({"fault": "die"})
    zego.admin("DELETE", "faults")
    assert zego.mint()["Code"] == 0
    assert zego.admin("GET", "faults")[1] == {"orders": []}


@pytest.mark.parametrize(
    ("times", "after", "codes"),
    [
        (1, 0, [1, 0, 0, 0]),
        (2, 1, [0, 1, 1, 0]),
        (None, 0, [1, 1, 1, 1]),
        (None, 3, [0, 0, 0, 1]),
        (0, 0, [0] * 4),
    ],
)
def test_times_and_after(zego: Zego, times: int | None, after: int, codes: list[int]) -> None:
    zego.faults({"on": "mint", "fault": "code", "code": 1, "times": times, "after": after})
    assert [zego.mint()["Code"] for _ in range(4)] == codes


def test_orders_apply_one_at_a_time_in_their_order(zego: Zego) -> None:
    zego.faults({"on": "mint", "fault": "code", "code": 7}, {"on": "mint", "fault": "code", "code": 8})
    assert [zego.mint()["Code"] for _ in range(3)] == [7, 8, 0]


@pytest.mark.parametrize(
    ("match", "hit"),
    [
        ({"room": "room-1"}, True),
        ({"room": "my-room"}, True),
        ({"room": "room-2"}, False),
        ({"bt_id": "bt-1"}, True),
        ({"cluster": "gg"}, False),
        ({"stream": "s"}, False),
    ],
)
def test_match_of_a_submission(shumei: Shumei, match: Json, hit: bool) -> None:
    shumei.faults({"on": "submit", "fault": "code", "code": 1903, "match": match})
    assert shumei.submit(room="my-room")["code"] == (1903 if hit else 1100)


def test_match_of_a_finish(shumei: Shumei) -> None:
    shumei.faults({"on": "finish", "fault": "code", "code": 1903, "match": {"room": "room-2"}})
    one, two = shumei.start(), shumei.start(param={"roomId": "room-2"})
    assert shumei.finish("unknown")["code"] == 1902
    assert [shumei.finish(task)["code"] for task in (one, two)] == [1100, 1903]


def test_match_of_a_mint(zego: Zego) -> None:
    zego.faults({"on": "mint", "fault": "code", "code": 1, "match": {"app_id": 12345}})
    assert zego.mint()["Code"] == 0
    assert zego.mint(AppId="12345", secret="new")["Code"] == 1


def test_faulty_body_that_nobody_could_read(shumei: Shumei) -> None:
    shumei.faults({"on": "submit", "fault": "code", "code": 1903, "match": {"room": "r"}})
    assert json.loads(shumei.send(b"nonsense").body)["code"] == 1902


WRONG = [
    ("x", "order"),
    ({}, "on"),
    ({"on": "mint", "fault": "drop"}, "on"),
    ({"on": "submit"}, "fault"),
    ({"on": "submit", "fault": "explode"}, "fault"),
    ({"on": "submit", "fault": ["drop"]}, "fault"),
    ({"on": "submit", "fault": "duplicate"}, "fault"),
    ({"on": "push", "fault": "forget"}, "fault"),
    ({"on": "submit", "fault": "delay"}, "seconds"),
    ({"on": "submit", "fault": "delay", "seconds": "2"}, "seconds"),
    ({"on": "submit", "fault": "delay", "seconds": -1}, "seconds"),
    ({"on": "submit", "fault": "status", "status": "x"}, "status"),
    ({"on": "submit", "fault": "status", "status": 99}, "status"),
    ({"on": "submit", "fault": "body"}, "body"),
    ({"on": "submit", "fault": "drop", "seconds": 1}, "seconds"),
    ({"on": "submit", "fault": "drop", "time": 1}, "time"),
    ({"on": "submit", "fault": "drop", "times": -1}, "times"),
    ({"on": "submit", "fault": "drop", "times": True}, "times"),
    ({"on": "submit", "fault": "drop", "after": None}, "after"),
    ({"on": "submit", "fault": "drop", "match": []}, "match"),
    ({"on": "submit", "fault": "drop", "match": {"rooom": "x"}}, "match.rooom"),
    ({"on": "submit", "fault": "drop", "match": {"room": []}}, "match.room"),
    ({"on": "push", "fault": "duplicate", "copies": 1.5}, "copies"),
    ([{"on": "submit", "fault": "drop"}, {"on": "submit", "fault": "no"}], "orders[1].fault"),
    (b"{", "body"),
]


@pytest.mark.parametrize(("order", "field"), WRONG)
def test_wrong_order_names_the_field_and_takes_nothing(shumei: Shumei, order: object, field: str) -> None:
    status, answer = shumei.admin("POST", "faults", order)
    assert (status, answer["field"]) == (400, field)
    assert shumei.admin("GET", "faults")[1] == {"orders": []}


def test_one_order_or_a_list(shumei: Shumei) -> None:
    assert shumei.admin("POST", "faults", {"on": "submit", "fault": "drop"})[0] == 200
    shumei.faults({"on": "push", "fault": "corrupt"})
    orders = shumei.admin("GET", "faults")[1]["orders"]
    assert [(order["id"], order["fault"], order["applied"]) for order in orders] == [
        (1, "drop", 0),
        (2, "corrupt", 0),
    ]
