"""What each block comes to; the examples stand in ``events/vendors/yidun``."""

from typing import Any

import pytest
from earshot.domain.verdict import (
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
    SEEN,
    START,
    TASK_ID,
    antispam,
    described,
    encode,
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
