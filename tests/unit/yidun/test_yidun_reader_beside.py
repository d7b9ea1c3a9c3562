"""What people judged, ends, and what comes beside verdicts."""

from typing import Any

import pytest
from earshot.domain.verdict import (
    Description,
    ReviewAction,
    TaskEnd,
)
from earshot.vendors.port import Unreadable
from earshot.vendors.yidun.reader import read

from tests.unit.yidun.yidun_results import (
    END,
    EVIDENCES,
    REVIEW,
    START,
    TASK_ID,
    antispam,
    beside,
    described,
    encode,
    end,
    hit,
    key,
    picture,
    review,
    verdict,
)

# --- people


@pytest.mark.parametrize(
    ("action", "level", "done"),
    [
        (1, "PASS", ReviewAction.IGNORED),
        (2, "REJECT", ReviewAction.WARNED),
        ("3", "REJECT", ReviewAction.CUT),
        (4, "REVIEW", ReviewAction.HINTED),
    ],
)
def test_every_action(action: Any, level: str, done: ReviewAction) -> None:
    found = verdict(review(action=action))
    assert (found.risk_level.value, found.review and found.review.action) == (level, done)


@pytest.mark.parametrize("action", [..., None, 0, 5, "warn", True])
def test_other_actions_are_no_verdict(action: Any) -> None:
    with pytest.raises(Unreadable, match=r"^reviewEvidences\.action"):
        read(review(action=action), {})


@pytest.mark.parametrize(
    ("source", "by_vendor"), [(0, True), (1, False), ("1", False), (2, True), (..., True)]
)
def test_whose_reviewers(source: Any, by_vendor: bool) -> None:
    found = verdict(review(source)).review
    assert found
    assert found.by_vendor is by_vendor


def test_a_machines_verdict_is_no_review() -> None:
    assert verdict(hit()).review is None


def test_a_review_names_the_results_that_it_is_about() -> None:
    """By the beginnings of the names that the door gives them."""
    stretches = [
        {"startTime": START, "endTime": END},
        {"startTime": str(END), "endTime": END + 0.5},
        {"startTime": 120_000},
        {},
        "x",
        {"startTime": START, "endTime": END},
    ]
    found = verdict(review(segments=stretches, pictures=[{"beginTime": START, "pictureId": "pic-24"}, {}]))
    assert found.review
    assert len(found.review.about) == 4
    judged = [
        hit(),
        hit(startTime=END, endTime=END + 0.5),
        hit(startTime=120_000, endTime=...),
        picture(),
    ]
    assert all(key(body).startswith(about) for body, about in zip(judged, found.review.about, strict=True))
    assert not key(hit(endTime=END * 10)).startswith(found.review.about)
    assert (found.started_at, found.ended_at) == (START, END)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"spamType": 121}, [("moan", "spamType:121")]),
        ({"spamType": "1050"}, [("custom", "spamType:1050")]),
        ({"spamType": 4711}, [("unknown", "spamType:4711")]),
        ({"spamType": 0}, []),
        ({"spamType": None, "label": 300}, [("terror", "300")]),
        ({"spamType": 116, "censorLabels": [{"code": 116}]}, [("sexual", "spamType:116")]),
        (
            {"spamType": ..., "censorLabels": [{"code": "110"}, None, {"name": "x"}, {"code": "zz"}]},
            [("sexual", "censorLabel:110"), ("unknown", "censorLabel:zz")],
        ),
        ({"spamType": [116]}, []),
    ],
)
def test_what_a_reviewer_saw(fields: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    found = verdict(review(**fields)).labels
    assert [(label.code.value, label.vendor_code) for label in found] == expected


# --- ends


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"finishType": 1}, None),
        ({"finishType": "1"}, None),
        ({"finishType": 0}, 0),
        ({"finishType": 7}, 0),
        ({"finishType": 0, "status": 3, "failureReason": 2}, 2),
        ({"finishType": 1, "status": 3, "failureReason": 4}, 4),
        ({"status": 3}, 0),
        ({"status": 3, "failureReason": 1}, 1),
        ({"status": 3, "failureReason": -1}, 0),
        ({"status": 3, "failureReason": 10**30}, 0),
        ({"status": ..., "failureReason": 3}, 3),
        ({"status": 2, "failureReason": 3, "finishType": 1}, None),
    ],
)
def test_every_end(fields: dict[str, Any], code: int | None) -> None:
    assert read(end(**fields), {}) == (TaskEnd(TASK_ID, code, None),)


@pytest.mark.parametrize(
    ("duration", "seconds"), [(3605, 3605), ("12.5", 12.5), (0, 0), (-1, None), (1e300, None), ("long", None)]
)
def test_the_vendors_seconds(duration: Any, seconds: float | None) -> None:
    assert read(end(finishType=1, duration=duration, billDuration=9), {}) == (
        TaskEnd(TASK_ID, None, seconds),
    )


def test_a_last_verdict_and_the_end_at_once() -> None:
    both = read(
        encode({**antispam(evidences=EVIDENCES, finishType=0), "asr": {"taskId": TASK_ID, "content": "x"}}),
        {},
    )
    assert both == (verdict(hit()), TaskEnd(TASK_ID, 0, None), Description(TASK_ID, text="x"))


def test_a_verdict_and_a_review_at_once() -> None:
    both = encode(antispam(censorSource=0, evidences=EVIDENCES, reviewEvidences=REVIEW))
    assert read(both, {}) == (verdict(hit()), verdict(review()))


# --- descriptions


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (beside("asr", content=7), {"text": "7"}),
        (beside("voice", mainGender="male"), {"traits": {"gender": "male"}}),
        (beside("voice", underage=1, mainAgeGroup=3), {"traits": {"age_group": "3", "minor": True}}),
        (beside("quality", details={"silent": False}), {"silent": False}),
        (beside("quality", audio={"details": {"silent": True}}, video={"x": 1}), {"silent": True}),
    ],
)
def test_descriptions(body: bytes, expected: dict[str, Any]) -> None:
    assert read(body, {}) == (described(**expected),)


def test_an_empty_block_is_no_block() -> None:
    said = {"taskId": TASK_ID, "content": "x"}
    assert read(encode({"antispam": {}, "language": {}, "asr": said}), {}) == (
        Description(TASK_ID, text="x"),
    )


@pytest.mark.parametrize(
    "body",
    [
        beside("asr"),
        beside("asr", content=""),
        beside("asr", content=["x"]),
        beside("language", content=None),
        beside("voice", content="x", underage="perhaps"),
        beside("quality", content="x", details={}),
        beside("quality", details=[]),
        *[beside(name, content="x") for name in ("llmCheckInfo", "ocr", "discern", "logo", "face")],
        beside("asr", taskId=...),
    ],
)
def test_what_says_nothing_comes_to_nothing(body: bytes) -> None:
    assert read(body, {}) == ()


def test_times_of_descriptions_follow_the_setting() -> None:
    (found,) = read(beside("asr", content="x"), {"resultTimes": "stream"})
    assert found == Description(TASK_ID, speaker_id="u_1001", text="x")


# --- whose


@pytest.mark.parametrize("task_id", [..., None, "", [], True, float("nan")])
def test_without_a_task_id_nothing_is_said(task_id: Any) -> None:
    for body in (encode(antispam(evidences=EVIDENCES, taskId=task_id)), end(finishType=1, taskId=task_id)):
        with pytest.raises(Unreadable, match=r"^taskId: "):
            read(body, {})
    with pytest.raises(Unreadable, match=r"^taskId: "):
        read(beside("asr", content="x", taskId=task_id), {})
