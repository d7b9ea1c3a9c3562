"""Questions about a task, for reconciliation."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from earshot.errors import BadInput, EarshotError, Exhausted, GiveUp, OutcomeUnknown, RetryLater
from earshot.vendors.yidun.queries import LONGEST_SPAN_MS, YidunQueries, connect, windows
from earshot.vendors.yidun.query_answers import Detection, Recording, Review, WallTask
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.support.shumei_calls import keyring
from tests.unit.yidun.yidun_wire import ACCOUNT, NOW, TASK, digest, ok, wired

Ask = Callable[[YidunQueries], Any]
SPAN = {"startTime": str(NOW), "endTime": str(NOW + 600_000)}
ASKS: list[tuple[str, Ask, dict[str, str]]] = [
    ("/v1/liveaudio/query/task", lambda q: q.detections(TASK, NOW, NOW + 600_000), {"taskId": TASK, **SPAN}),
    ("/v1/liveaudio/query/monitor", lambda q: q.reviews(TASK), {"taskId": TASK}),
    ("/v1/liveaudio/query/extra", lambda q: q.extra(TASK), {"taskId": TASK}),
    ("/v1/liveaudio/query/extra", lambda q: q.extra(TASK, NOW, NOW + 600_000), {"taskId": TASK, **SPAN}),
    (
        "/v1/liveaudio/query/segment",
        lambda q: q.recordings(TASK, NOW, NOW + 600_000),
        {"taskId": TASK, **SPAN},
    ),
    (
        "/v1/livewallsolution/query/task",
        lambda q: q.wall_tasks([TASK, "t2"]),
        {"taskIds": f'["{TASK}","t2"]'},
    ),
]
COMMON = {"secretId", "businessId", "version", "timestamp", "nonce", "signatureMethod", "signature"}


def asked(monkeypatch: pytest.MonkeyPatch, ask: Ask, result: Any) -> Any:
    calls, _ = wired(monkeypatch, ok(result))
    return ask(YidunQueries(calls))


@pytest.mark.parametrize(("path", "ask", "fields"), ASKS)
def test_a_question_goes_where_it_is_answered(
    monkeypatch: Any, path: str, ask: Ask, fields: dict[str, str]
) -> None:
    calls, wire = wired(monkeypatch, ok(None))
    ask(YidunQueries(calls))
    ((_, url, request),) = wire.calls
    assert (url, request["timeout_s"]) == (f"https://as.dun.163.com{path}", 10.0)
    assert {name: value for name, value in wire.sent.items() if name not in COMMON} == fields
    assert wire.sent["version"] == "v1"
    assert ("businessId" in wire.sent) is ("livewall" not in path)
    assert wire.sent["signature"] == digest(wire.sent, ACCOUNT["secret_key"])


SENTENCE = {
    "taskId": TASK,
    "action": 2,
    "asrStatus": 3,
    "asrResult": 0,
    "callback": "{}",
    "startTime": NOW,
    "endTime": NOW + 7_400,
    "censorSource": 2,
    "speakerId": "u_1001",
    "segmentId": "seg-0012",
    "content": "示例",
    "segments": [{"label": 600, "level": 2, "evidence": "示例"}],
    "records": [],
}


def test_detections_are_typed_and_keep_what_no_page_knows(monkeypatch: Any) -> None:
    odd = SENTENCE | {
        "action": "2",
        "speakerId": 1001,
        "startTime": str(NOW),
        "new": {"x": 1},
        "segments": None,
    }
    plain, tolerant = asked(monkeypatch, ASKS[0][1], [SENTENCE, odd])
    assert plain.model_dump() == SENTENCE
    assert (tolerant.action, tolerant.speakerId, tolerant.startTime) == (2, "1001", NOW)
    assert (tolerant.segments, tolerant.model_extra) == ([], {"new": {"x": 1}})


def test_an_element_of_another_shape_costs_itself_alone(monkeypatch: Any) -> None:
    found = asked(monkeypatch, ASKS[0][1], [None, "x", {}, {"taskId": TASK, "segments": ["x", {"label": 1}]}])
    assert found == [Detection.model_validate({"taskId": TASK, "segments": [{"label": 1}]})]
    assert len(found[0].segments) == 1


def test_what_people_did(monkeypatch: Any) -> None:
    action = {"action": 3, "actionTime": NOW, "spamType": 100, "spamDetail": "x"}
    found = asked(monkeypatch, ASKS[1][1], {"status": 0, "monitors": [action, "?"]})
    assert (found.status, found.monitors) == (0, [Review.model_validate(action)])
    for status in (20, 30):
        gone = asked(monkeypatch, ASKS[1][1], {"status": status})
        assert (gone.status, gone.monitors) == (status, [])


def test_what_was_said(monkeypatch: Any) -> None:
    said = {"taskId": TASK, "startTime": NOW, "endTime": NOW + 1, "content": "示例", "speakerId": "u"}
    found = asked(monkeypatch, ASKS[2][1], {"asr": [said, {"startTime": "x"}], "language": None})
    assert [one.model_dump() for one in found.asr] == [said]
    assert found.language == []
    assert asked(monkeypatch, ASKS[2][1], None).asr == []


def test_what_was_recorded_and_how_tasks_stand(monkeypatch: Any) -> None:
    piece = {"beginTime": NOW, "endTime": NOW + 1, "url": "https://cdn.example.net/1.mp3", "speakerId": "u"}
    assert asked(monkeypatch, ASKS[4][1], [piece]) == [Recording.model_validate(piece)]
    states = [
        {"taskId": TASK, "callback": "{}", "status": 20, "callbackStatus": 2, "expireStatus": 1},
        {"taskId": "t2", "status": 30},
    ]
    assert asked(monkeypatch, ASKS[5][1], states) == [WallTask.model_validate(state) for state in states]


@pytest.mark.parametrize("index", [0, 1, 2, 4, 5])
@pytest.mark.parametrize("result", ["x", 7, True])
def test_a_result_of_another_shape_is_no_answer(monkeypatch: Any, index: int, result: Any) -> None:
    with pytest.raises(OutcomeUnknown) as error:
        asked(monkeypatch, ASKS[index][1], result)
    assert error.value.reason == "yidun_unreadable_answer"


@pytest.mark.parametrize(
    ("code", "kind"), [(405, GiveUp), (411, Exhausted), (503, RetryLater), (999, OutcomeUnknown)]
)
@pytest.mark.parametrize("ask", [ask for _, ask, _ in ASKS])
def test_the_code_decides(monkeypatch: Any, ask: Ask, code: int, kind: type[EarshotError]) -> None:
    calls, _ = wired(monkeypatch, {"code": code, "result": []})
    with pytest.raises(EarshotError) as error:
        ask(YidunQueries(calls))
    assert type(error.value) is kind


def test_a_span_is_ten_minutes_at_most(monkeypatch: Any) -> None:
    calls, wire = wired(monkeypatch, ok([]))
    with pytest.raises(BadInput) as error:
        YidunQueries(calls).detections(TASK, NOW, NOW + 600_001)
    assert (error.value.field, wire.calls) == ("endTime", [])
    assert LONGEST_SPAN_MS == 600_000


@given(start=st.integers(0, 10**13), length=st.integers(0, 10**7))
def test_windows_cover_a_span_without_gaps(start: int, length: int) -> None:
    parts = list(windows(start, start + length))
    assert [since for since, _ in parts] == [start, *(until for _, until in parts)][: len(parts)]
    assert sum(until - since for since, until in parts) == length
    assert all(0 < until - since <= LONGEST_SPAN_MS for since, until in parts)


def test_the_accounts_questions(monkeypatch: Any) -> None:
    _, wire = wired(monkeypatch, ok([]))
    assert connect(lambda _: "https://{host}", keyring({"yidun": ACCOUNT})).wall_tasks([TASK]) == []
    assert json.loads(wire.sent["taskIds"]) == [TASK]
