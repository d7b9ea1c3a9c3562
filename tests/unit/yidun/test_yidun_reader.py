"""What each block comes to; the sheet's examples stand in ``events/vendors/yidun``."""

from typing import Any

import pytest
from earshot.domain.verdict import (
    Description,
    Finding,
    Label,
    LabelHit,
    Media,
    Review,
    ReviewAction,
    RiskLevel,
    TaskEnd,
    Verdict,
)
from earshot.vendors.port import Unreadable
from earshot.vendors.yidun.reader import read

from tests.unit.support.root import EVENTS
from tests.unit.yidun.yidun_results import (
    END,
    EVIDENCES,
    REVIEW,
    SEEN,
    START,
    TASK_ID,
    antispam,
    beside,
    encode,
    end,
    hit,
    key,
    picture,
    review,
    sample,
    verdict,
)

HIT = Verdict(
    segment_id="seg-0012",
    vendor_task_id=TASK_ID,
    risk_level=RiskLevel.REJECT,
    labels=(LabelHit(Label.ABUSE, "600/600018", 0.97),),
    started_at=START,
    ended_at=END,
    speaker_id="u_1001",
    text="<recognised text>",
)
PICTURE = Verdict(
    segment_id="pic-24",
    vendor_task_id=TASK_ID,
    risk_level=RiskLevel.REVIEW,
    labels=(LabelHit(Label.SEXUAL, "100", 0.71),),
    started_at=1_700_000_121_000,
    ended_at=1_700_000_121_000,
    speaker_id="u_1001",
    media=Media.IMAGE,
    image_url="https://cdn.example.net/p/24.jpg",
)
WARNED = Verdict(
    segment_id="review#1700000200000#2#u_1001",
    vendor_task_id=TASK_ID,
    risk_level=RiskLevel.REJECT,
    labels=(LabelHit(Label.SEXUAL, "spamType:116"),),
    started_at=START,
    ended_at=END,
    speaker_id="u_1001",
    review=Review(
        ReviewAction.WARNED,
        acted_at=1_700_000_200_000,
        reviewer="rv-9",
        warnings=1,
        about=(f"{START}-{END}#u_1001#",),
    ),
)
CUT = Verdict(
    segment_id="review#1700000260000#3#",
    vendor_task_id=TASK_ID,
    risk_level=RiskLevel.REJECT,
    labels=(LabelHit(Label.SEXUAL, "spamType:100"),),
    review=Review(ReviewAction.CUT, acted_at=1_700_000_260_000, warnings=2),
)
WALL_WARNED = Verdict(
    segment_id="review#1700000200000#2#u_1001",
    vendor_task_id=TASK_ID,
    risk_level=RiskLevel.REJECT,
    labels=(LabelHit(Label.SEXUAL, "100"), LabelHit(Label.SEXUAL, "censorLabel:100")),
    started_at=START,
    ended_at=END,
    speaker_id="u_1001",
    review=Review(
        ReviewAction.WARNED,
        acted_at=1_700_000_200_000,
        reviewer="rv-9",
        by_vendor=False,
        warnings=1,
        about=(f"{START}-{END}#u_1001#", "image#1700000121000-"),
    ),
)


def described(**fields: Any) -> Description:
    return Description(TASK_ID, START, END, "u_1001", **fields)


SAMPLES: dict[str, tuple[Finding, ...]] = {
    "machine-hit": (HIT,),
    "machine-pass": (
        Verdict("seg-0012", TASK_ID, RiskLevel.PASS, (), START, END, "u_1001", text="<recognised text>"),
    ),
    "transcript": (described(text="<recognised text>"),),
    "language": (described(language="zh"),),
    "voice": (described(traits={"gender": "female", "age_group": "18-25", "minor": False}),),
    "quality": (described(silent=True),),
    "model-check": (),
    "human-warning": (WARNED,),
    "human-cut": (CUT,),
    "human-machine-ended": (TaskEnd(TASK_ID, None, None),),
    "end-by-us": (TaskEnd(TASK_ID, None, 3605.0),),
    "end-not-pulled": (TaskEnd(TASK_ID, 0, 812.0),),
    "failed": (TaskEnd(TASK_ID, 2, None),),
    "wall-sound": (HIT,),
    "wall-picture": (PICTURE,),
    "wall-human-warning": (WALL_WARNED,),
}


@pytest.mark.parametrize(("name", "findings"), SAMPLES.items())
def test_the_samples(name: str, findings: tuple[Finding, ...]) -> None:
    assert read(sample(name), {}) == findings
    assert key(sample(name))


def test_no_sample_is_forgotten() -> None:
    there = {path.stem for path in EVENTS.joinpath("vendors", "yidun").glob("*.json")}
    assert there == {*SAMPLES, "push", "push.sha256", "push.batch", "malformed.no-suggestion"}


def test_a_verdict_without_a_suggestion_is_no_verdict() -> None:
    with pytest.raises(Unreadable, match="suggestion"):
        read(sample("malformed.no-suggestion"), {})


# --- verdicts


@pytest.mark.parametrize(
    ("suggestion", "level"), [(0, "PASS"), (1, "REVIEW"), (2, "REJECT"), ("1", "REVIEW"), (2.0, "REJECT")]
)
def test_every_suggestion(suggestion: Any, level: str) -> None:
    assert verdict(hit(suggestion=suggestion)).risk_level.value == level
    assert verdict(picture(suggestion=suggestion)).risk_level.value == level


@pytest.mark.parametrize("suggestion", [..., None, "", 3, -1, 1.5, True, "pass", float("nan"), 10**400, [2]])
def test_other_suggestions_are_no_verdict(suggestion: Any) -> None:
    for body in (hit(suggestion=suggestion), picture(suggestion=suggestion)):
        with pytest.raises(Unreadable, match="suggestion"):
            read(body, {})


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ([{"label": 600}], [("abuse", "600", None)]),
        ([{"label": "600", "rate": "0.5"}], [("abuse", "600", 0.5)]),
        ([{"label": 600, "level": 1}, {"label": 100, "level": 0}], [("abuse", "600", None)]),
        (
            [{"label": 600, "rate": 1.01}, {"label": 500, "rate": -1}],
            [("abuse", "600", None), ("politics", "500", None)],
        ),
        (
            [{"label": 600, "rate": 0}, {"label": 500, "rate": 1}],
            [("abuse", "600", 0.0), ("politics", "500", 1.0)],
        ),
        ([{"label": 600, "subLabels": [{"subLabel": 600018}]}], [("abuse", "600/600018", None)]),
        (
            [
                {
                    "label": 600,
                    "subLabels": [
                        {"subLabel": "a", "subLabelDepth": 1},
                        {"subLabel": "b", "subLabelDepth": 2},
                    ],
                }
            ],
            [("abuse", "600/b", None)],
        ),
        (
            [{"label": 600, "subLabels": [{"subLabel": "a", "rate": 0.1}, {"subLabel": "b", "rate": 0.9}]}],
            [("abuse", "600/b", None)],
        ),
        (
            [{"label": 600, "subLabels": [{"secondLabel": "b", "thirdLabel": "c"}]}],
            [("abuse", "600/c", None)],
        ),
        ([{"label": 4711}], [("unknown", "4711", None)]),
        ([{"label": 4711, "subLabels": [{"subLabel": "500013"}]}], [("politics", "4711/500013", None)]),
        ([{"label": "ours"}], [("unknown", "ours", None)]),
        ([{"label": 0}, {"level": 2}, {}], [("advert", "200/2", None)]),
        ([], [("advert", "200/2", None)]),
        (None, [("advert", "200/2", None)]),
    ],
)
def test_labels(labels: Any, expected: list[tuple[str, str, float | None]]) -> None:
    """Without any, the main one."""
    found = verdict(hit(labels=labels, label=200, secondLabel="2")).labels
    assert [(label.code.value, label.vendor_code, label.score) for label in found] == expected


@pytest.mark.parametrize("label", [0, "0", None, ..., ""])
def test_no_label_at_all(label: Any) -> None:
    assert verdict(hit(label=label, labels=[])).labels == ()


def test_a_segment_without_an_id_is_called_by_its_time() -> None:
    assert verdict(hit(segmentId="")).segment_id == f"{START}-{END}"
    assert verdict(hit(segmentId=7)).segment_id == "7"
    assert verdict(picture(pictureId=None)).segment_id == f"{START}-{END}"
    assert verdict(hit(segmentId=..., startTime=..., endTime=...)).segment_id == "-"


@pytest.mark.parametrize(
    ("start", "options", "expected"),
    [
        (START, {}, START),
        (str(START), {"resultTimes": "epoch"}, START),
        (START, {"resultTimes": "stream"}, None),
        (120_000, {}, None),
        (120_000, {"resultTimes": "stream"}, None),
        (0, {}, None),
        (-START, {}, None),
        (10**15, {}, None),
        (10**400, {}, None),
        (..., {}, None),
    ],
)
def test_times(start: Any, options: dict[str, str], expected: int | None) -> None:
    """A time that cannot be a moment of this century counts from the start of the stream."""
    assert verdict(hit(startTime=start), **options).started_at == expected
    assert verdict(picture(beginTime=start), **options).started_at == expected
    assert verdict(review(segments=[{"startTime": start}]), **options).started_at == expected


def test_who_and_where() -> None:
    assert verdict(hit(speakerId="")).speaker_id is None
    assert verdict(hit(speakerId=7)).speaker_id == "7"
    assert verdict(hit()).audio_url == "https://cdn.example.net/s/12.mp3"
    assert verdict(hit(url="")).audio_url is None
    assert verdict(picture(url=...)).image_url is None


def test_what_was_said_and_what_was_seen() -> None:
    wall = antispam(evidences={"audio": EVIDENCES, "video": {"evidence": SEEN, "labels": []}})
    heard, seen = read(encode(wall), {})
    assert heard == verdict(hit())
    assert seen == verdict(picture())


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
