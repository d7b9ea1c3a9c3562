"""Pushes: signed forms, what counts as received, retries, orders that spoil them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest

from local.doubles.model import Push
from tests.unit.doubles.conftest import Time
from tests.unit.doubles.test_double_yidun_caller import (
    BUSINESS_ID,
    GOOD,
    RECEIVER,
    SECRET_ID,
    WALL_SUBMIT,
    Yidun,
    form_of,
    md5,
)

LINES: list[Any] = [{"at": 0, "text": "a"}, {"at": 10, "text": "b"}, {"at": 20, "text": "c"}]


@pytest.fixture
def yidun(time: Time) -> Yidun:
    yidun = Yidun(time)
    yidun.play(*LINES)
    return yidun


def said(items: list[Any]) -> list[str]:
    return [item["antispam"]["evidences"]["content"] for item in items]


def test_a_push_is_a_signed_form(yidun: Yidun) -> None:
    yidun.pushed()
    yidun.run(5)
    push = yidun.got[0][1]
    form = form_of(push)
    assert list(form) == ["secretId", "businessId", "callbackData", "signature"]
    assert (form["secretId"], form["businessId"]) == (SECRET_ID, BUSINESS_ID)
    assert form["signature"] == md5(form)
    assert (push.url, push.timeout, push.wants_body) == (RECEIVER, 2.0, True)
    assert push.content_type == "application/x-www-form-urlencoded"


def test_signature_method_is_signed_too(yidun: Yidun) -> None:
    yidun.set(signature_method="SHA256")
    yidun.pushed()
    yidun.run(5)
    form = form_of(yidun.got[0][1])
    assert form["signatureMethod"] == "SHA256"
    assert form["signature"] == md5(form, method="sha256")


def test_pushes_of_the_solution_have_no_business_id_and_the_newest_key_signs(time: Time) -> None:
    yidun = Yidun(time, secret_key=["n" * 32, "c" * 32])
    yidun.play(*LINES)
    yidun.pushed(WALL_SUBMIT)
    yidun.run(5)
    form = form_of(yidun.got[0][1])
    assert "businessId" not in form
    assert form["signature"] == md5(form, "n" * 32)


def test_retries_every_ten_minutes_for_a_day(yidun: Yidun) -> None:
    yidun.set(short_room_limit={"zego": 0})
    task = yidun.pushed()
    yidun.run(6, (500, ""))
    yidun.stop(task)
    yidun.run(200_000, lambda push: (200, GOOD) if "finishType" in push.body else (500, ""))
    times = [at for at, push in yidun.got if "finishType" not in push.body]
    assert times[:3] == [5, 605, 1205]
    assert (len(times), times[-1]) == (145, 86_405)
    state = yidun.task(task)
    assert state["segments"] == {"made": 1, "pushed": 1, "acknowledged": 0, "given_up": 1}
    assert state["end_notice"]["acknowledged"] == 1


@pytest.mark.parametrize(
    ("status", "body", "good", "strictly"),
    [
        (200, GOOD, True, True),
        (200, '{"code":200,"msg":null}', True, True),
        (200, "", True, False),
        (200, "success", True, False),
        (200, "{}", True, False),
        (200, "[]", True, False),
        (200, '{"code":400}', False, False),
        (200, '{"code":500}', False, False),
        (201, GOOD, False, False),
        (204, "", False, False),
        (302, GOOD, False, False),
        (500, GOOD, False, False),
        (None, "", False, False),
    ],
)
@pytest.mark.parametrize("strict", [False, True])
def test_what_is_success(
    yidun: Yidun, status: int | None, body: str, good: bool, strictly: bool, strict: bool
) -> None:
    yidun.set(strict_ack=strict)
    task = yidun.pushed()
    yidun.run(6, (status, body))
    assert yidun.task(task)["segments"]["acknowledged"] == (strictly if strict else good)


def test_retry_ladder_is_a_setting(yidun: Yidun) -> None:
    yidun.set(push_interval=2, push_for=5)
    task = yidun.pushed()
    yidun.run(6, (500, ""))
    yidun.stop(task)
    yidun.run(100, lambda push: (200, GOOD) if "finishType" in push.body else (500, ""))
    assert [at for at, push in yidun.got if "finishType" not in push.body] == [5, 7, 9]


def test_array_of_all_items_of_a_sentence(yidun: Yidun) -> None:
    yidun.set(push_array=True, blocks={"asr": True})
    yidun.pushed()
    (batch,) = yidun.run(6)
    assert [list(item) for item in batch] == [["antispam"], ["asr"]]


def test_an_answer_that_nobody_has_read_is_judged_by_its_status(yidun: Yidun, time: Time) -> None:
    task = yidun.pushed()
    time.to(5)
    (push,) = yidun.world.advance(time.now)
    yidun.world.push_result(push, 200, time.now)
    assert yidun.task(task)["segments"]["acknowledged"] == 1


def test_journal_of_attempts(yidun: Yidun) -> None:
    task = yidun.pushed()
    yidun.run(6, (None, ""))
    yidun.run(605, (200, '{"code":500}'))
    first, *_, last = [entry for entry in yidun.journal("push") if entry["number"] == 0]
    assert (first["status"], last["status"], last["answer"]) == ("no answer", 200, '{"code":500}')
    assert (first["attempt"], last["attempt"], last["push"]) == (1, 2, "segment")
    assert (last["task"], last["room"], last["data_id"]) == (task, "room-1", "room-1:1")
    assert last["body"]["antispam"]["taskId"] == task
    assert "signature=" in last["form"]
    assert "c" * 32 not in json.dumps(yidun.journal())


@pytest.mark.parametrize("kind", ["drop", "delay", "duplicate", "reorder"])
def test_orders(yidun: Yidun, kind: str) -> None:
    more = {"delay": {"seconds": 12}, "duplicate": {"copies": 2}}.get(kind, {})
    yidun.faults({"on": "push", "fault": kind, "match": {"number": "0"}} | more)
    task = yidun.pushed()
    expected: dict[str, list[str]] = {
        "drop": ["b", "c", "a"],
        "delay": ["b", "a", "c"],
        "duplicate": ["a", "a", "a", "b", "c"],
        "reorder": ["b", "a", "c"],
    }
    assert said(yidun.run(700)) == expected[kind]
    assert yidun.task(task)["segments"]["acknowledged"] == 3


def test_copies_decide_nothing(yidun: Yidun) -> None:
    yidun.faults({"on": "push", "fault": "duplicate"})
    yidun.pushed()
    assert said(yidun.run(8, lambda push: (500, "") if push.copy else (200, GOOD))) == ["a", "a"]
    assert [entry["copy"] for entry in yidun.journal("push")] == [0, 1]


def test_reordered_push_is_let_go_in_the_end(yidun: Yidun) -> None:
    yidun.faults({"on": "push", "fault": "reorder", "seconds": 3})
    yidun.pushed()
    yidun.run(9)
    assert yidun.times() == [8]


@pytest.mark.parametrize("how", ["signature", "unsigned", "body"])
def test_corrupt(yidun: Yidun, how: str) -> None:
    yidun.set(corrupt_how=how)
    yidun.faults({"on": "push", "fault": "corrupt"})
    task = yidun.pushed()

    def answer(push: Push) -> tuple[int, str]:
        form = dict(parse_qsl(push.body))
        good = "callbackData" in form and form.get("signature") == md5(form)
        return 200, GOOD if good else '{"code":400}'

    yidun.time.to(5)
    (push,) = yidun.world.advance(yidun.time.now)
    assert '"code":400' in answer(push)[1]
    yidun.world.push_answer(push, *answer(push), yidun.time.now)
    yidun.run(700, answer)
    assert yidun.task(task)["segments"]["acknowledged"] == 3


@pytest.mark.parametrize(
    ("match", "hit"),
    [
        ({"room": "room-2"}, {"b"}),
        ({"room": "mine"}, {"a"}),
        ({"data_id": "b"}, {"b"}),
        ({"data_id": "b", "room": "mine"}, set()),
        ({"kind": "segment", "attempt": 1}, {"a", "b"}),
        ({"kind": "end"}, set()),
    ],
)
def test_matching(yidun: Yidun, match: Any, hit: set[str]) -> None:
    yidun.faults({"on": "push", "fault": "duplicate", "times": None, "match": match})
    yidun.pushed(dataId="a", roomId="mine")
    yidun.pushed(dataId="b", url="rtc://room.zego.im/room-2?identify_token=x")
    yidun.run(8)
    assert {entry["data_id"] for entry in yidun.journal("push") if entry["copy"]} == hit


def test_wrong_orders(yidun: Yidun) -> None:
    for order in ({"on": "mint"}, {"on": "push", "fault": "status"}, {"on": "poll", "fault": "corrupt"}, 5):
        assert yidun.admin("POST", "faults", order)[0] == 400
    assert yidun.admin("POST", "faults", [{"on": "push", "fault": "drop", "match": {"x": "1"}}])[0] == 400
