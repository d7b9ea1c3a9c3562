"""What V4's pushes come to; the samples stand in ``events/vendors/shumei``."""

import json
from typing import Any

import pytest
from earshot.domain.verdict import (
    Heard,
    Label,
    LabelHit,
    Media,
    RiskLevel,
    TaskEnd,
    Verdict,
)
from earshot.vendors.port import Unreadable
from earshot.vendors.shumei.reader import read
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.shumei.shumei_v4 import TASK, V4, V4_VIDEO, VIDEO_TASK, findings, push, verdict
from tests.unit.support.root import EVENTS

AD = LabelHit(Label.ADVERT, "ad/lianxifangshi/lianxifangshi")
FRAME = f"{VIDEO_TASK}_vs130_1639825248361471656"
READ = {
    "v4.reject",
    "v4.silence",
    "v4.end-of-stream",
    "v4.end-of-stream-3005",
    "v4.pull-failed",
    "v4-video.picture-reject",
    "v4-video.picture-pass",
    "v4-video.sound-reject",
    "v4-video.end-of-pictures",
    "v4-video.end-of-sound",
    "v4-video.too-many-streams",
}
MALFORMED = {"malformed.v4.no-risk-level", "malformed.v4-video.no-detail"}


def test_every_sample_is_read_and_no_malformed_one() -> None:
    there = {path.stem for path in EVENTS.joinpath("vendors", "shumei").glob("*.json")}
    assert there == READ | MALFORMED
    for name in READ:
        assert findings(push(name))
    for name in MALFORMED:
        with pytest.raises(Unreadable, match="riskLevel"):
            findings(push(name))


def test_a_segment_of_an_audio_stream() -> None:
    assert verdict(push("v4.reject")) == Verdict(
        segment_id=f"{TASK}_stream-7_2",
        vendor_task_id=TASK,
        risk_level=RiskLevel.REJECT,
        labels=(AD,),
        started_at=1_700_000_020_000,
        ended_at=1_700_000_030_000,
        speaker_id="user-7",
        text="example transcript",
        audio_url="https://media.example.com/clip/2.mp3",
    )


def test_silence() -> None:
    quiet = verdict(push("v4.silence"))
    assert (quiet.risk_level, quiet.labels, quiet.text, quiet.silent) == (RiskLevel.PASS, (), "", True)


def test_a_picture() -> None:
    assert verdict(push("v4-video.picture-reject")) == Verdict(
        segment_id=FRAME,
        vendor_task_id=VIDEO_TASK,
        risk_level=RiskLevel.REJECT,
        labels=(
            LabelHit(Label.ADVERT, AD.vendor_code, 0.97),
            LabelHit(Label.SEXUAL, "porn/xinggan/xinggan", 0.41),
        ),
        started_at=1_700_000_022_000,
        ended_at=1_700_000_022_000,
        speaker_id="user-7",
        text="call me",
        media=Media.IMAGE,
        image_url="https://media.example.com/frame/7.jpg",
    )


def test_the_sound_of_a_video_stream_whichever_way_its_times_are_spelt() -> None:
    judged = verdict(push("v4-video.sound-reject"))
    assert (judged.media, judged.text, judged.speaker_id) == (Media.AUDIO, "example transcript", "user-7")
    assert (judged.started_at, judged.ended_at) == (1_700_000_020_000, 1_700_000_030_000)
    assert judged.labels == (LabelHit(Label.ABUSE, "abuse/ruma/ruma"),)
    camel = {"audioStartTime": "2023-11-15 06:13:40", "audioEndTime": "2023-11-15 06:13:50"}
    assert verdict(push("v4-video.sound-reject", audioDetail__auxInfo=camel)).ended_at == judged.ended_at


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "example transcript"),
        ({"audioDetail__riskDetail": ...}, "previous text example transcript"),
        ({"audioDetail__riskDetail": "none", "audioDetail__audioText": ...}, None),
        ({"audioDetail__riskDetail": ..., "audioDetail__audioText": ..., "audioDetail__content": "c"}, "c"),
    ],
)
def test_the_segments_own_text_goes_first(fields: dict[str, Any], text: str | None) -> None:
    assert verdict(push("v4.reject", **fields)).text == text


@pytest.mark.parametrize("name", ["v4.reject", "v4-video.sound-reject", "v4-video.picture-reject"])
def test_agoras_users_are_numbers(name: str) -> None:
    part = "frameDetail" if "picture" in name else "audioDetail"
    told = {f"{part}__auxInfo__strUserId": ..., f"{part}__auxInfo__userId": 4_294_967_295}
    assert verdict(push(name, **told)).speaker_id == "4294967295"
    assert verdict(push(name, **{f"{part}__auxInfo": ...})).speaker_id is None


def test_a_mixed_agora_room_tells_who_was_heard() -> None:
    speakers = [[{"uid": 2, "volume": 9}], [{"uid": 4, "volume": 255}]]
    assert verdict(push("v4.reject", audioDetail__speakers=speakers)).speakers == (
        Heard("4", 255),
        Heard("2", 9),
    )


# --- labels


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("politics", Label.POLITICS),
        ("porn", Label.SEXUAL),
        ("abuse", Label.ABUSE),
        ("violence", Label.TERROR),
        ("ad", Label.ADVERT),
        ("minor", Label.MINOR),
        ("brand_new", Label.OTHER),
    ],
)
def test_labels_of_the_samples_and_any_other(name: str, label: Label) -> None:
    told = {f"audioDetail__riskLabel{level}": value for level, value in ((1, name), (2, "b"), (3, ""))}
    judged = verdict(push("v4.reject", audioDetail__allLabels=..., **told))
    assert judged.labels == (LabelHit(label, f"{name}/b"),)


@pytest.mark.parametrize("nothing", ["normal", "", None, ...])
def test_no_reason_is_no_label(nothing: Any) -> None:
    told = {"audioDetail__riskLabel1": nothing, "audioDetail__allLabels": [{"riskLabel1": "normal"}, None]}
    assert verdict(push("v4.reject", **told)).labels == ()


def test_what_a_picture_passes_is_no_reason() -> None:
    passed = [{"riskLabel1": "porn", "riskLevel": "PASS", "probability": 0.1}]
    assert verdict(push("v4-video.picture-reject", frameDetail__allLabels=passed)).labels == (AD,)


@pytest.mark.parametrize("odd", [-0.1, 1.1, "high", None, float("nan"), [1]])
def test_a_probability_outside_its_range_is_none(odd: Any) -> None:
    labels = [{"riskLabel1": "porn", "probability": odd}]
    hits = verdict(push("v4-video.picture-reject", frameDetail__allLabels=labels)).labels
    assert [hit.score for hit in hits] == ([None] if odd in ("high", [1]) else [None, None])


def test_minors_are_a_business_label_and_told_once() -> None:
    minor = [None, {"businessLabel1": "minor", "businessLabel2": "weichengnianren"}]
    judged = verdict(push("v4.reject", audioDetail__businessLabels=minor))
    assert judged.labels == (AD, LabelHit(Label.MINOR, "minor"))
    told = {"audioDetail__riskLabel1": "minor", "audioDetail__allLabels": ...}
    assert len(verdict(push("v4.reject", audioDetail__businessLabels=minor, **told)).labels) == 1


# --- times


@pytest.mark.parametrize("offset", [8, 0])
@pytest.mark.parametrize("name", ["v4.reject", "v4-video.sound-reject", "v4-video.picture-reject"])
def test_wall_clocks_are_of_the_plans_zone(name: str, offset: int) -> None:
    usual = verdict(push(name)).started_at
    assert usual is not None
    assert verdict(push(name), wallClockOffsetHours=offset).started_at == usual + (8 - offset) * 3_600_000


NOON = 1_700_000_022_000


@pytest.mark.parametrize(
    ("value", "form", "moment"),
    [
        ("2023-11-15 06:13:42", "auto", NOON),
        ("2023-11-15 06:13:42.250", "auto", NOON + 250),
        ("1700000022000", "auto", NOON),
        (1_700_000_022_000, "auto", NOON),
        (1_700_000_022, "auto", NOON),
        ("2023-11-15 06:13:42", "wall_clock", NOON),
        ("1700000022000", "wall_clock", None),
        ("1700000022000", "epoch_ms", NOON),
        ("1700000022", "epoch_ms", None),
        ("2023-11-15 06:13:42", "epoch_ms", None),
        ("1700000022", "epoch_s", NOON),
        ("1700000022000", "epoch_s", None),
        (42, "auto", None),
        ("00:01:10", "auto", None),
        ("2023-11-15 06:13:42.", "auto", None),
        ("2023-11-15 06:13:42.x", "auto", None),
        ("-1700000022000", "auto", None),
        ("９" * 13, "auto", None),
        ("", "auto", None),
        ([1], "auto", None),
        (..., "auto", None),
    ],
)
def test_when_a_picture_was_taken(value: Any, form: str, moment: int | None) -> None:
    body = push("v4-video.picture-reject", frameDetail__auxInfo__imgTime=value)
    judged = verdict(body, imgTimeFormat=form)
    assert (judged.started_at, judged.ended_at) == (moment, moment)


# --- the generation is the plan's


def test_a_push_is_never_read_by_its_looks() -> None:
    for name in ("v4.reject", "v4-video.sound-reject", "v4-video.picture-reject"):
        with pytest.raises(Unreadable, match=r"^riskLevel: is missing"):
            read(push(name), {})
    with pytest.raises(Unreadable, match="audioDetail"):
        read(push("v4-video.picture-reject"), V4)


# --- what is odd costs itself


@pytest.mark.parametrize(
    "odd",
    [
        {"audioDetail__allLabels": "ad"},
        {"audioDetail__allLabels": [3, None, "x", [1]]},
        {"audioDetail__businessLabels": {"a": 1}},
        {"audioDetail__speakers": [{"uid": 1}]},
        {"audioDetail__audioTags": "none"},
        {"requestParams": "{}", "btId": [1], "contentType": "sound"},
        {"frameDetail": 7, "pullStreamSuccess": "maybe"},
        {"audioDetail__preAudioUrl": {}, "audioDetail__riskSource": "x"},
    ],
)
def test_a_field_of_a_wrong_type_does_not_cost_the_verdict(odd: dict[str, Any]) -> None:
    assert verdict(push("v4.reject", **odd)) == verdict(push("v4.reject"))


@pytest.mark.parametrize("risk_type", [[], {"int": 1}, {"str": []}, [[]]])
def test_a_code_of_v2_that_is_none_does_not_either(risk_type: Any) -> None:
    message = {"code": 1100, "requestId": "a_1", "riskLevel": "REJECT", "detail": {"riskType": risk_type}}
    (judged,) = read(json.dumps(message).encode(), {})
    assert isinstance(judged, Verdict)
    assert judged.labels == ()


json_value = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=6,
)
PLACES = {
    "v4.reject": [
        *("code", "requestId", "statCode", "contentType", "auxInfo", "auxInfo__streamTime", "audioDetail"),
        *(f"audioDetail__{name}" for name in ("riskLevel", "riskLabel1", "allLabels", "auxInfo", "vadCode")),
        *(f"audioDetail__auxInfo__{name}" for name in ("audioStartTime", "strUserId", "userId")),
    ],
    "v4-video.picture-reject": [
        *("contentType", "frameDetail", "frameDetail__riskLevel", "frameDetail__imgUrl"),
        *("frameDetail__allLabels", "frameDetail__riskDetail", "frameDetail__riskDetail__ocrText"),
        *("frameDetail__auxInfo", "frameDetail__auxInfo__imgTime", "audioDetail"),
    ],
}
CHANGES = st.sampled_from(sorted(PLACES)).flatmap(
    lambda name: st.tuples(
        st.just(name), st.dictionaries(st.sampled_from(PLACES[name]), json_value, max_size=3)
    )
)


@given(CHANGES)
@example(("v4.reject", {"auxInfo__streamTime": float("inf"), "statCode": 1}))
def test_whatever_comes_is_read_or_called_unreadable(change: tuple[str, dict[str, Any]]) -> None:
    name, changes = change
    nested_last = dict(sorted(changes.items(), key=lambda pair: -len(pair[0])))
    try:
        body = push(name, **nested_last)
    except (AttributeError, TypeError):
        return  # a place inside what another change has put there
    try:
        found = read(body, V4_VIDEO if "video" in name else V4)
    except Unreadable:
        return
    for finding in found:
        seconds = finding.seconds if isinstance(finding, TaskEnd) else None
        assert seconds is None or abs(seconds) < 1e300
