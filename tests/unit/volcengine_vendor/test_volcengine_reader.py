"""What results come to, and what is had by asking."""

import json
from typing import Any

import pytest
from earshot.domain.verdict import Label, LabelHit, Media, RiskLevel, Verdict
from earshot.vendors.port import Unreadable
from earshot.vendors.volcengine.door import identify
from earshot.vendors.volcengine.options import check
from earshot.vendors.volcengine.reader import read
from earshot.vendors.volcengine.times import moment, written
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.volcengine_vendor.test_volcengine_door import JSON
from tests.unit.volcengine_vendor.volcengine_calls import (
    AUDIT,
)
from tests.unit.volcengine_vendor.volcengine_results import (
    END,
    START,
    TASK,
    audio,
    encoded,
    event,
    frame_of,
    slice_of,
    video,
)

WHERE = "content_security/audio"


def verdict(message: Any, target: str = "room_mixed", **options: Any) -> Verdict:
    (found,) = read(encoded(message), check(target, options))
    assert isinstance(found, Verdict)
    return found


def audited(data: Any = None, target: str = "room_mixed", **options: Any) -> Verdict:
    return verdict(event(data), target, **AUDIT, **options)


# --- content security


def test_a_slice() -> None:
    assert verdict(audio(slice_of())) == Verdict(
        segment_id="s1",
        vendor_task_id=TASK,
        risk_level=RiskLevel.REJECT,
        labels=(LabelHit(Label.OTHER, "abuse/abuse_1"),),
        started_at=START,
        ended_at=END,
        speaker_id="u1",
        text="……",
        audio_url="https://cdn.example.net/1.mp3",
    )


def test_a_frame() -> None:
    found = verdict(video([frame_of()]), media="video")
    assert found == Verdict(
        segment_id="f1",
        vendor_task_id=TASK,
        risk_level=RiskLevel.REVIEW,
        labels=(LabelHit(Label.OTHER, "301/30101"),),
        speaker_id="u1",
        text="",
        media=Media.IMAGE,
        image_url="https://cdn.example.net/1.jpg",
    )
    assert verdict(video([], [slice_of()]), media="video").media is Media.AUDIO


@pytest.mark.parametrize(
    ("decision", "level"),
    [
        ("PASS", RiskLevel.PASS),
        ("REVIEW", RiskLevel.REVIEW),
        ("BLOCK", RiskLevel.REJECT),
        (" BLOCK ", RiskLevel.REJECT),
    ],
)
def test_decisions(decision: str, level: RiskLevel) -> None:
    assert verdict(audio(slice_of(Decision=decision))).risk_level is level


@pytest.mark.parametrize("decision", ["block", "WARN", "PASS2", "x" * 999])
def test_a_decision_that_nobody_knows_is_for_a_person(decision: str) -> None:
    found = verdict(audio(slice_of(Decision=decision)))
    assert found.risk_level is RiskLevel.REVIEW
    assert found.labels[0] == LabelHit(Label.UNKNOWN, f"decision:{decision[:64]}")


def test_labels_are_sorted_by_the_plan_and_kept() -> None:
    hits = [
        {"Label": "abuse", "SubLabel": "abuse_1", "Decision": "BLOCK"},
        {"Label": "porn", "Decision": "REVIEW"},
        {"Label": "porn", "Decision": "REVIEW"},
        {"SubLabel": "x_1"},
        {"Label": "fine", "Decision": "PASS"},
        {"Label": 301, "SubLabel": ["?"]},
        "odd",
        {},
    ]
    table = {"abuse_1": "abuse", "abuse": "politics", "301": "sexual"}
    found = verdict(audio(slice_of(FrameResults=hits)), labels=table).labels
    assert found == (
        LabelHit(Label.ABUSE, "abuse/abuse_1"),
        LabelHit(Label.OTHER, "porn"),
        LabelHit(Label.OTHER, "x_1"),
        LabelHit(Label.SEXUAL, "301"),
    )
    whole = verdict(audio(slice_of(FrameResults=hits)), labels={**table, "abuse/abuse_1": "moan"}).labels
    assert whole[0].code is Label.MOAN


@pytest.mark.parametrize("hits", [..., None, [], "x", [{"Decision": "PASS", "Label": "fine"}]])
def test_without_hits_the_decisions_own_label_is_told(hits: Any) -> None:
    assert verdict(audio(slice_of(FrameResults=hits))).labels == (LabelHit(Label.OTHER, "abuse_1"),)
    assert verdict(audio(slice_of(FrameResults=hits, Decision="PASS"))).labels == ()


def test_a_stream_without_slices() -> None:
    found = verdict(audio(FinalLabel="porn", AudioText="all"))
    assert (found.segment_id, found.risk_level, found.text) == ("stream", RiskLevel.REJECT, "all")
    assert found.labels == (LabelHit(Label.OTHER, "porn"),)


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (START, "auto", START),
        (START // 1000, "auto", START),
        (START / 1000, "auto", START),
        (START, "ms", START),
        (START // 1000, "ms", None),
        (START // 1000, "s", START),
        (START, "s", None),
        (0, "auto", None),
        (10_000, "auto", None),
        (-START, "auto", None),
        (10**18, "auto", None),
        (10**400, "auto", None),
        (float("inf"), "auto", None),
        (float("nan"), "auto", None),
        (True, "auto", None),
        (str(START), "auto", None),
        (None, "auto", None),
    ],
)
def test_moments(value: Any, unit: str, expected: int | None) -> None:
    assert moment(value, unit) == expected


def test_the_unit_of_times_is_the_plans() -> None:
    in_seconds = audio(slice_of(StartTimeStamp=START // 1000, EndTimeStamp=END // 1000))
    assert verdict(in_seconds).started_at == START
    assert verdict(in_seconds, timeUnit="s").ended_at == END
    assert verdict(in_seconds, timeUnit="ms").started_at is None


# --- the RTC audit


def test_a_slice_of_a_room() -> None:
    hits = [{"Name": "gun", "Score": 0.9}, {"Name": "odd", "Score": 7}, {"Score": 1}, "x"]
    found = audited(
        {"RiskHit": hits, "AudioText": "……", "Audio": "https://cdn.example.net/a"}, labels={"gun": "terror"}
    )
    assert found == Verdict(
        segment_id="e1",
        vendor_task_id="app1/r1",
        risk_level=RiskLevel.REJECT,
        labels=(LabelHit(Label.TERROR, "gun", 0.9), LabelHit(Label.OTHER, "odd")),
        ended_at=1_767_294_245_000,
        speaker_id="u1",
        text="……",
        audio_url="https://cdn.example.net/a",
    )
    assert audited(eventTime="unused").ended_at is None


def test_a_frame_of_a_room() -> None:
    images = ["https://cdn.example.net/1.jpg", "https://cdn.example.net/2.jpg"]
    for kind in (1, ...):
        found = audited({"MediaType": kind, "Images": images})
        assert (found.media, found.image_url, found.audio_url) == (Media.IMAGE, images[0], None)
        assert found.started_at == found.ended_at == 1_767_294_245_000


def test_of_one_user_the_task_is_the_users() -> None:
    assert audited(target="stream").vendor_task_id == "app1/r1/u1"
    assert audited({"UserId": "u/2"}).vendor_task_id == "app1/r1"


@pytest.mark.parametrize("suggest", ["BLOCK", "PASS", "REVIEW", "REJECT", "ODD"])
def test_why_it_was_hit_where_no_model_is_named(suggest: str) -> None:
    found = audited({"Suggest": suggest, "HitReasons": ["mandarin", 7, None]})
    names = {hit.vendor_code for hit in found.labels} - {"decision:ODD"}
    assert names == (set() if suggest == "PASS" else {"mandarin", "7"})


@pytest.mark.parametrize("data", [{"Suggest": ...}, {"Suggest": 1}, {"RoomId": ...}, {"RoomId": ""}])
def test_a_result_that_says_nothing_is_unreadable(data: Any) -> None:
    with pytest.raises(Unreadable):
        audited(data)


def test_one_products_results_are_not_the_others() -> None:
    with pytest.raises(Unreadable):
        verdict(audio(slice_of()), **AUDIT)
    with pytest.raises(Unreadable):
        verdict(event())


@pytest.mark.parametrize("value", [None, 7, "", "x", "2026-01-02T03:04:05", "0001-01-01T00:00:00+23:00"])
def test_no_written_time(value: Any) -> None:
    assert written(value) is None


@given(
    st.dictionaries(st.sampled_from(["RiskHit", "Images", "Audio", "MediaType", "Suggest", "UserId"]), JSON)
)
def test_hostile_events_are_unreadable_and_nothing_worse(data: Any) -> None:
    body = json.dumps(event(data)).encode()
    try:
        assert identify(body).key
        assert read(body, check("room_mixed", AUDIT))
    except Unreadable:
        return


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b"{" * 100_000])
def test_garbage_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read(body, {})
