"""What a slice comes to; the examples stand in ``events/vendors/tupu``."""

import json
from typing import Any

import pytest
from earshot.domain.verdict import Description, Finding, Label, LabelHit, RiskLevel, VendorTrouble, Verdict
from earshot.vendors.port import Unreadable
from earshot.vendors.tupu.door import identify, split
from earshot.vendors.tupu.reader import read
from earshot.vendors.tupu.tasks import TASKS
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.samples_tupu import (
    MODERATION,
    REQUEST_ID,
    TRANSCRIPTION,
    VULGAR,
    callback,
    failure,
    slice_of,
)
from tests.unit.support.root import EVENTS
from tests.unit.support.samples import load

BEGAN = 1_700_000_120_000
"""2023-11-15 06:15:20 in China."""
SLICE = f"{REQUEST_ID}#20231115061520-20231115061530"


def sample(name: str) -> bytes:
    return json.dumps(load("vendors", "tupu", f"{name}.json"), ensure_ascii=False).encode()


def one(body: bytes, **options: Any) -> Finding:
    (found,) = read(body, options)
    return found


def verdict(task: str = MODERATION, array: str = "violations", **fields: Any) -> Verdict:
    found = one(callback(task, array, slice_of(**fields)))
    assert isinstance(found, Verdict)
    return found


def test_a_hit_of_the_samples() -> None:
    assert one(sample("moderation-block")) == Verdict(
        segment_id=f"{SLICE}#moderation",
        vendor_task_id=REQUEST_ID,
        risk_level=RiskLevel.REJECT,
        labels=(LabelHit(Label.ABUSE, "Abuse", 0.98),),
        started_at=BEGAN,
        ended_at=BEGAN + 10_000,
        text="<recognised text>",
        audio_url="http://a.example.net/1.mp3",
    )


def test_the_other_verdicts_of_the_samples() -> None:
    found = {name: one(sample(name)) for name in ("moderation-review", "moderation-pass", "vulgar")}
    told = {name: (said.risk_level, said.labels) for name, said in found.items() if isinstance(said, Verdict)}
    assert told == {
        "moderation-review": (RiskLevel.REVIEW, (LabelHit(Label.POLITICS, "Politics"),)),
        "moderation-pass": (RiskLevel.PASS, ()),
        "vulgar": (RiskLevel.REJECT, (LabelHit(Label.SEXUAL, "1", 0.87),)),
    }


@pytest.mark.parametrize("name", ["transcription", "page-example"])
def test_a_transcript_is_a_description(name: str) -> None:
    assert one(sample(name)) == Description(
        vendor_task_id=REQUEST_ID, started_at=BEGAN, ended_at=BEGAN + 10_000, text="<recognised text>"
    )


def test_a_failure_of_the_vendor_ends_nothing() -> None:
    assert one(sample("failure")) == VendorTrouble(REQUEST_ID, 14, ends_task=False)


@pytest.mark.parametrize("name", ["malformed.no-verdict", "malformed.no-task"])
def test_malformed_samples_say_so(name: str) -> None:
    with pytest.raises(Unreadable):
        one(sample(name))


def test_every_sample_is_read_here() -> None:
    read_here = {"moderation-block", "moderation-review", "moderation-pass", "vulgar", "transcription"}
    read_here |= {"page-example", "failure", "malformed.no-verdict", "malformed.no-task", "slices-and-tasks"}
    there = {path.stem for path in EVENTS.glob("vendors/tupu/*.json")}
    assert there == read_here | {"push", "push.form"}


def test_each_task_has_a_segment_of_its_own_for_the_same_slice() -> None:
    """They must not overwrite each other, and whoever looks must see that they are about the same."""
    parts = split(sample("slices-and-tasks"))
    found = [said for part in parts for said in read(part, {}) if isinstance(said, Verdict)]
    about = [said.segment_id.rpartition("#") for said in found if said.started_at == BEGAN]
    assert [(first, last) for first, _, last in about] == [(SLICE, "moderation"), (SLICE, "vulgar")]
    assert len({said.segment_id for said in found}) == len(found) == 3


def test_a_segment_is_called_as_it_is_kept() -> None:
    for part in split(sample("slices-and-tasks")):
        for said in read(part, {}):
            assert not isinstance(said, Verdict) or said.segment_id == identify(part).key


def test_a_whole_callback_may_be_read_too() -> None:
    assert len(read(sample("slices-and-tasks"), {})) == 4


# --- what it deserves


@pytest.mark.parametrize(
    ("fields", "level"),
    [
        ({"action": "block"}, "REJECT"),
        ({"action": "review", "label": "Abuse", "review": False}, "REVIEW"),
        ({"action": " Pass "}, "PASS"),
        ({"action": "warn"}, "REVIEW"),
        ({"action": "warn", "label": "Normal"}, "REVIEW"),
        ({"action": "warn", "label": "Porn"}, "REJECT"),
        ({"label": "Porn", "review": False}, "REJECT"),
        ({"label": "Porn", "review": True}, "REVIEW"),
        ({"label": "Porn", "review": "true"}, "REVIEW"),
        ({"label": "Porn"}, "REJECT"),
        ({"label": "Normal"}, "PASS"),
        ({"label": 0, "review": False}, "PASS"),
        ({"label": 0, "review": True}, "REVIEW"),
        ({"review": 1}, "REVIEW"),
        ({"action": ["block"], "label": "Porn"}, "REJECT"),
    ],
)
def test_risk_levels(fields: dict[str, Any], level: str) -> None:
    assert verdict(**fields).risk_level == level


@pytest.mark.parametrize("fields", [{"rate": 0.9}, {"review": False}, {"rate": 0.9, "label": ""}, {}])
def test_a_violation_that_says_too_little_is_unreadable_and_not_passed(fields: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        verdict(**fields)


def test_text_without_a_judgement_is_a_description() -> None:
    found = one(callback(MODERATION, "texts", slice_of(userId="u_1")))
    assert isinstance(found, Description)
    assert (found.text, found.speaker_id) == ("……", "u_1")


@pytest.mark.parametrize("nothing", ["", None, [], {}])
def test_an_empty_judgement_is_none(nothing: Any) -> None:
    empty = slice_of(action=nothing, label=nothing, review=nothing, rate=nothing)
    assert isinstance(one(callback(MODERATION, "texts", empty)), Description)


def test_a_gender_is_a_trait_as_the_vendor_codes_it() -> None:
    found = one(callback(TASKS["gender"], "speechs", slice_of(label=1, rate=0.8)))
    assert isinstance(found, Description)
    assert found.traits == {"gender": "1"}


@pytest.mark.parametrize("name", ["events", "voiceprint", "transcription"])
def test_labels_of_other_descriptions_are_no_verdict(name: str) -> None:
    found = one(callback(TASKS[name], "violations", slice_of(label=3, rate=0.8)))
    assert isinstance(found, Description)
    assert found.traits is None


# --- labels


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("Terror", Label.TERROR),
        ("Porn", Label.SEXUAL),
        ("Politics", Label.POLITICS),
        ("Sensitive", Label.OTHER),
        ("ADs", Label.ADVERT),
        ("Abuse", Label.ABUSE),
        ("Nosense", Label.FLOODING),
        ("UserDefine", Label.CUSTOM),
        ("abuse", Label.ABUSE),
        ("Heresy", Label.UNKNOWN),
        (7, Label.UNKNOWN),
    ],
)
def test_labels_of_the_table_and_others(code: Any, label: Label) -> None:
    assert verdict(action="block", label=code).labels == (LabelHit(label, str(code)),)


def test_numbers_mean_something_in_the_vulgar_task_alone() -> None:
    assert verdict(VULGAR, label="1").labels[0].code is Label.SEXUAL
    assert verdict(VULGAR, label=2).labels[0].code is Label.UNKNOWN
    assert verdict(MODERATION, label=1).labels[0].code is Label.UNKNOWN


def test_words_add_what_the_slice_does_not_say() -> None:
    details = [
        {"keyword": "a", "mainLabel": "Abuse", "subLabel": ""},
        {"key": "b", "mainLabel": "Porn", "subLabel": "7"},
        {"keyword": "c", "mainLabel": "Normal"},
        {"keyword": "", "hint": "d"},
        None,
        7,
    ]
    found = verdict(action="block", label="Abuse", rate=0.9, details=details).labels
    assert found == (LabelHit(Label.ABUSE, "Abuse", 0.9), LabelHit(Label.SEXUAL, "Porn/7"))


@pytest.mark.parametrize(
    ("rate", "score"),
    [(0.5, 0.5), ("0.5", 0.5), (1, 1.0), (0, 0.0), (None, None), ("", None), ("x", None), (1.01, None)],
)
def test_rates(rate: Any, score: float | None) -> None:
    assert verdict(action="block", label="Abuse", rate=rate).labels[0].score == score


@pytest.mark.parametrize("rate", [float("nan"), float("inf"), -1, True, [], {}])
def test_rates_that_are_none(rate: Any) -> None:
    assert verdict(action="block", label="Abuse", rate=rate).labels[0].score is None


# --- when and who


@pytest.mark.parametrize(("hours", "shift"), [(8, 0), (0, 8), (-12, 20), (14, -6)])
def test_the_wall_clocks_zone_is_a_setting(hours: int, shift: int) -> None:
    found = one(sample("moderation-block"), wallClockOffsetHours=hours)
    assert isinstance(found, Verdict)
    assert found.started_at == BEGAN + shift * 3_600_000


@pytest.mark.parametrize(
    "time", [None, "", "06:15:20", "2023-02-30 06:15:20", "0001-01-01 00:00:00", 1_700_000_120, [], "x" * 99]
)
def test_a_time_of_another_shape_costs_itself_alone(time: Any) -> None:
    found = verdict(action="block", sliceStartTime=time)
    assert found.started_at is None or found.started_at < 0
    assert found.ended_at == BEGAN + 10_000


@pytest.mark.parametrize(
    ("user", "speaker"), [("u_1", "u_1"), (7, "7"), ("", None), (None, None), ([], None)]
)
def test_the_user_is_the_speaker(user: Any, speaker: str | None) -> None:
    assert verdict(action="block", userId=user).speaker_id == speaker


@pytest.mark.parametrize("wrong", [7, None, [], {}, True])
def test_texts_and_links_of_another_type_cost_themselves_alone(wrong: Any) -> None:
    found = verdict(action="block", content=wrong, speechUrl=wrong, details=wrong)
    assert (found.risk_level, found.text, found.audio_url) == (RiskLevel.REJECT, None, None)


def test_half_a_character_is_told_to_nobody() -> None:
    half = "a\ud800"
    found = verdict(action="block", label=half, content=half, speechUrl=half, userId=half)
    assert (found.text, found.audio_url, found.speaker_id, found.labels) == (None, None, None, ())
    with pytest.raises(Unreadable):
        verdict(action="block", requestId=half)


def test_an_empty_text_is_a_text() -> None:
    assert verdict(action="pass", content="", speechUrl="").text == ""
    assert verdict(action="pass", content="", speechUrl="").audio_url is None


def test_a_slice_that_cannot_be_read_does_not_cost_the_one_beside_it() -> None:
    for odd in (slice_of(requestId=None), slice_of()):
        body = callback(MODERATION, "violations", odd, slice_of(action="block"))
        assert len(read(body, {})) == 1


@pytest.mark.parametrize("body", [b"", b"null", b"{}", b"\xff", failure(0), callback(TRANSCRIPTION, "texts")])
def test_nothing_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read(body, {})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from([*slice_of(), "userId", "label", "review", "rate", "details", "SEIs"])


@given(st.lists(st.tuples(FIELDS.filter(lambda field: field != "requestId"), JSON), max_size=4))
def test_whatever_a_field_holds_the_verdict_beside_it_stays(changes: list[tuple[str, Any]]) -> None:
    body = callback(MODERATION, "violations", slice_of(**{**dict(changes), "action": "block"}))
    found = one(body)
    assert isinstance(found, Verdict)
    assert found.risk_level is RiskLevel.REJECT
    assert found.segment_id == identify(body).key
