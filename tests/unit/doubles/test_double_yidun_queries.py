"""Queries about tasks, and human actions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.doubles.conftest import START, Time
from tests.unit.doubles.test_double_yidun_caller import WALL_SUBMIT, Yidun

AUDIO, WALL = "/v1/liveaudio/query/", "/v1/livewallsolution/query/"
MS = round(START * 1000)
SPAN = {"startTime": MS, "endTime": MS + 600_000}
LINES: list[Any] = [
    {"at": 1, "speaker": "u1", "text": "你好"},
    {
        "at": 6,
        "speaker": "u2",
        "text": "废物",
        "risk_level": "REJECT",
        "risk_type": 210,
        "matched_item": "废物",
    },
]


@pytest.fixture
def yidun(time: Time) -> Yidun:
    yidun = Yidun(time)
    yidun.play(*LINES)
    return yidun


def ask(yidun: Yidun, path: str, **fields: Any) -> Any:
    answer = yidun.call(path, **fields)
    assert (answer["code"], answer["msg"]) == (200, "ok"), yidun.verdict()
    return answer["result"]


def test_sentences_of_a_span(yidun: Yidun) -> None:
    task = yidun.start(callback="cb")
    yidun.run(20)
    first, hit = ask(yidun, f"{AUDIO}task", taskId=task, **SPAN)
    assert hit == {
        "taskId": task,
        "action": 2,
        "asrStatus": 3,
        "callback": "cb",
        "startTime": MS + 6000,
        "endTime": MS + 11000,
        "censorSource": 2,
        "speakerId": "u2",
        "segmentId": "seg-0001",
        "content": "废物",
        "segments": [{"label": 600, "level": 2, "evidence": "废物"}],
        "records": [],
    }
    assert (first["action"], first["segments"]) == (0, [])
    only = ask(yidun, f"{AUDIO}task", taskId=task, startTime=MS + 2000, endTime=MS + 7000)
    assert [one["content"] for one in only] == ["废物"]
    assert ask(yidun, f"{AUDIO}task", taskId="x", **SPAN) == []


def test_sentences_of_the_solution(yidun: Yidun) -> None:
    task = yidun.start(WALL_SUBMIT)
    yidun.run(20)
    found = ask(yidun, f"{WALL}audio/task", taskId=task, version="v1.0", **SPAN)
    assert [one["content"] for one in found] == ["你好", "废物"]
    assert ask(yidun, f"{AUDIO}task", taskId=task, **SPAN) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"taskId": ...}, "taskId"),
        ({"startTime": ...}, "startTime"),
        ({"endTime": "later"}, "endTime"),
        ({"endTime": MS - 1}, "endTime"),
        ({"endTime": MS + 600_001}, "endTime"),
    ],
)
@pytest.mark.parametrize("call", ["task", "segment"])
def test_spans(yidun: Yidun, call: str, change: Any, field: str) -> None:
    fields: Any = {"taskId": "x", **SPAN} | change
    assert yidun.call(AUDIO + call, **fields)["code"] == 405
    assert yidun.verdict()["field"] == field


def test_segments(yidun: Yidun) -> None:
    task = yidun.start()
    yidun.run(20)
    assert ask(yidun, f"{AUDIO}segment", taskId=task, **SPAN)[0] == {
        "beginTime": MS + 1000,
        "endTime": MS + 6000,
        "url": f"https://media.example.com/yidun/{task}/seg-0000.mp3",
        "speakerId": "u1",
    }


def test_extra_has_what_the_account_has(yidun: Yidun) -> None:
    task = yidun.start()
    yidun.run(20)
    assert ask(yidun, f"{AUDIO}extra", taskId=task) == {"asr": [], "language": []}
    yidun.set(blocks={"asr": True, "language": True})
    found = ask(yidun, f"{AUDIO}extra", taskId=task)
    assert [one["content"] for one in found["asr"]] == ["你好", "废物"]
    assert found["language"][0] == {
        "taskId": task,
        "startTime": MS + 1000,
        "endTime": MS + 6000,
        "speakerId": "u1",
        "content": "zh",
    }
    found = ask(yidun, f"{AUDIO}extra", taskId=task, startTime=MS, endTime=MS + 3000)
    assert [one["content"] for one in found["asr"]] == ["你好"]
    assert ask(yidun, f"{AUDIO}extra", taskId="x") == {"asr": [], "language": []}


def review(yidun: Yidun, task: str, **body: Any) -> Any:
    status, answer = yidun.admin("POST", f"tasks/{task}/review", body)
    assert status == 200, answer
    return answer["reviewEvidences"]


def test_human_action_on_a_sentence(yidun: Yidun) -> None:
    task = yidun.pushed()
    yidun.run(20)
    review(yidun, task, action=2, spamType=116, spamDetail="…", speakerId="u2", segmentId="seg-0001")
    (item,) = yidun.run(21)
    assert item["antispam"] == {
        "taskId": task,
        "dataId": "room-1:1",
        "censorSource": 0,
        "status": 2,
        "reviewEvidences": {
            "action": 2,
            "actionTime": MS + 20_000,
            "speakerId": "u2",
            "warnCount": 1,
            "promptCount": 0,
            "censorAccount": "rv-9",
            "spamType": 116,
            "spamDetail": "…",
            "segments": [{"startTime": MS + 6000, "endTime": MS + 11000}],
        },
    }
    assert yidun.task(task)["reviews"] == {"made": 1, "pushed": 1, "acknowledged": 1, "given_up": 0}
    (_, hit) = ask(yidun, f"{AUDIO}task", taskId=task, **SPAN)
    assert [one["action"] for one in hit["records"]] == [2]


def test_counts_of_human_actions(yidun: Yidun) -> None:
    task = yidun.start()
    told = [review(yidun, task, action=action) for action in (2, 2, 4, 3, 10)]
    assert [(one["warnCount"], one["promptCount"]) for one in told] == [
        (1, 0),
        (2, 0),
        (2, 1),
        (2, 1),
        (2, 1),
    ]
    assert told[3]["speakerId"] == ""
    assert len(yidun.poll()) == 5
    found = ask(yidun, f"{AUDIO}monitor", taskId=task)
    assert (found["status"], [one["action"] for one in found["monitors"]]) == (0, [2, 2, 4, 3, 10])
    assert set(found["monitors"][0]) == {"action", "actionTime"}


def test_human_action_of_the_solution(yidun: Yidun) -> None:
    task = yidun.start(WALL_SUBMIT)
    yidun.run(20)
    found = review(
        yidun, task, action=3, label=100, detail="d", segmentId="seg-0001", pictures=[{"url": "p"}]
    )
    assert found["segments"][0]["content"] == "废物"
    assert (found["label"], found["detail"], "promptCount" in found) == (100, "d", False)
    answer = ask(yidun, f"{WALL}monitor", taskId=task)
    assert answer["records"] == [{"action": 3, "label": 100, "actionTime": MS + 20_000, "detail": "d"}]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "action"),
        ({"action": 5}, "action"),
        ({"action": 2, "segmentId": "seg-9"}, "segmentId"),
        ({"action": 2, "label": 5}, "label"),
        ({"action": 2, "spamType": "100"}, "spamType"),
    ],
)
def test_wrong_reviews(yidun: Yidun, body: Any, field: str) -> None:
    status, answer = yidun.admin("POST", f"tasks/{yidun.start()}/review", body)
    assert (status, answer["field"]) == (400, field)


def test_old_and_unknown_tasks(yidun: Yidun) -> None:
    audio, wall = yidun.start(), yidun.start(WALL_SUBMIT)
    yidun.stop(audio)
    yidun.stop(wall, path="/v1/livewallsolution/feedback")
    assert ask(yidun, f"{AUDIO}monitor", taskId="x") == {"status": 30, "monitors": []}
    yidun.run(604_801)
    assert ask(yidun, f"{AUDIO}monitor", taskId=audio)["status"] == 20
    assert ask(yidun, f"{AUDIO}task", taskId=audio, **SPAN) == []
    assert ask(yidun, f"{WALL}monitor", taskId=wall)["status"] == 0
    assert ask(yidun, f"{WALL}task", taskIds=json.dumps([wall, "x"])) == [
        {"taskId": wall, "status": 20, "expireStatus": 20},
        {"taskId": "x", "status": 30, "expireStatus": 30},
    ]
    yidun.run(2_592_001)
    assert ask(yidun, f"{WALL}monitor", taskId=wall)["status"] == 20


def test_states_of_the_solution(yidun: Yidun) -> None:
    yidun.set(push_for=0)
    polled, good, bad = (
        yidun.start(WALL_SUBMIT, callback="cb"),
        yidun.pushed(WALL_SUBMIT),
        yidun.pushed(WALL_SUBMIT),
    )

    def states() -> list[tuple[int, int]]:
        found = ask(yidun, f"{WALL}task", taskIds=json.dumps([polled, good, bad]))
        return [(one["status"], one["callbackStatus"]) for one in found]

    assert states() == [(1, 0), (1, 1), (1, 1)]
    yidun.admin("POST", f"tasks/{bad}/end", {"failureReason": 1})
    yidun.stop(good, polled, path="/v1/livewallsolution/feedback")
    yidun.run(10, lambda push: (500, "") if bad in push.body else (200, ""))
    assert states() == [(2, 0), (2, 2), (3, 3)]


@pytest.mark.parametrize("ids", [..., "x", "{}", "[]"])
def test_task_ids_are_an_array(yidun: Yidun, ids: Any) -> None:
    assert yidun.call(f"{WALL}task", taskIds=ids)["code"] == 405


def test_late_items_to_order(yidun: Yidun) -> None:
    task = yidun.pushed()
    yidun.run(20)
    yidun.stop(task)
    yidun.run(30)
    body = {"text": "迟", "risk_level": "REJECT", "risk_type": 300}
    assert yidun.admin("POST", f"tasks/{task}/late", body)[1] == {"ok": True, "segmentId": "seg-0002"}
    found = yidun.run(31)[0]["antispam"]["evidences"]
    assert (found["content"], found["label"], found["startTime"]) == ("迟", 200, MS + 15_000)
    yidun.admin("POST", f"tasks/{task}/late")
    assert yidun.run(32)[0]["antispam"]["evidences"]["content"] == "迟到"
    assert yidun.admin("POST", f"tasks/{task}/late", {"risk_level": "BAD"})[0] == 400


def test_queries_take_orders(yidun: Yidun) -> None:
    task = yidun.start(dataId="d7")
    yidun.faults({"on": "query", "fault": "code", "code": 503, "match": {"data_id": "d7"}})
    assert yidun.call(f"{AUDIO}monitor", taskId="x")["code"] == 200
    assert yidun.call(f"{AUDIO}monitor", taskId=task)["code"] == 503
