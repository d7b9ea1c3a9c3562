"""What the vendor sends beside its own pages: never a lost verdict, never a crash."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest
from earshot.clock import iso
from earshot.domain.verdict import Description, Finding, ReviewAction, TaskEnd, Verdict
from earshot.vendors.port import Unreadable
from earshot.vendors.yidun.reader import read
from earshot.vendors.yidun.results import Result
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.yidun.yidun_results import (
    ANY,
    EVIDENCES,
    ITEMS,
    LABELS,
    REVIEW,
    STRETCH,
    TASK_ID,
    antispam,
    encode,
    end,
    hit,
    picture,
    review,
    verdict,
)

ODD: list[Any] = [None, True, [], {}, "x", 1.5, -1, float("nan"), 10**400, [[1]], {"a": {}}, "\ud83d"]
IN_ANTISPAM = [
    "dataId",
    "callback",
    "censorSource",
    "strategySource",
    "languageCode",
    "riskLevel",
    "riskScore",
    "duration",
]
IN_EVIDENCES = sorted(
    {*EVIDENCES, "suggestionLevel", "frontSegment", "rate", "type", "secondLabel"} - {"suggestion"}
)


@pytest.mark.parametrize("field", IN_EVIDENCES)
def test_a_field_of_a_wrong_type_costs_itself_alone(field: str) -> None:
    mine = {
        "labels": "labels",
        "label": "labels",
        "secondLabel": "labels",
        "content": "text",
        "url": "audio_url",
    }
    mine |= {
        "startTime": "started_at",
        "endTime": "ended_at",
        "speakerId": "speaker_id",
        "segmentId": "segment_id",
    }
    plain = asdict(verdict(hit()))
    for value in ODD:
        odd = asdict(verdict(hit(**{field: value})))
        assert {name for name in plain if odd[name] != plain[name]} <= {
            mine.get(field),
            "labels" if field == "labels" else None,
        }


@pytest.mark.parametrize("field", IN_ANTISPAM)
def test_neither_does_one_around_the_verdict(field: str) -> None:
    for value in ODD:
        assert verdict(encode(antispam(evidences=EVIDENCES, **{field: value}))) == verdict(hit())


@pytest.mark.parametrize("field", sorted({*REVIEW} - {"action"}))
def test_nor_one_of_a_review(field: str) -> None:
    for value in ODD:
        found = verdict(review(**{field: value}))
        assert found.risk_level is verdict(review()).risk_level
        assert found.review
        assert found.review.action is ReviewAction.WARNED


@pytest.mark.parametrize("field", ["label", "level", "rate", "subLabels"])
def test_a_label_of_a_wrong_type_does_not_cost_the_next(field: str) -> None:
    good = {"label": 500, "rate": 0.5}
    for value in ODD:
        assert verdict(hit(labels=[{**LABELS[0], field: value}, value, good])).labels[-1].vendor_code == "500"


@pytest.mark.parametrize("name", ["asr", "language", "voice", "quality", "llmCheckInfo", "ocr"])
def test_nor_a_block_beside_it(name: str) -> None:
    for value in [*ODD, {"content": "x", "mainGender": "male", "details": {"silent": True}}]:
        body = encode({**antispam(evidences=EVIDENCES), name: value})
        assert read(body, {}) == read(hit(), {})


def test_an_end_is_told_whatever_is_wrong_with_the_last_verdict() -> None:
    """Else nobody would listen to the room any more, and nobody would know."""
    odd: list[Any] = [[], "x", {**EVIDENCES, "suggestion": 9}]
    for evidences in odd:
        assert read(end(finishType=0, evidences=evidences), {}) == (TaskEnd(TASK_ID, 0, None),)


def test_but_a_description_does_not_make_up_for_a_verdict() -> None:
    asr = {"taskId": TASK_ID, **STRETCH, "content": "x"}
    with pytest.raises(Unreadable, match="suggestion"):
        read(encode({**antispam(evidences={**EVIDENCES, "suggestion": 9}), "asr": asr}), {})
    with pytest.raises(Unreadable, match="antispam"):
        read(encode({"antispam": [EVIDENCES], "asr": asr}), {})


def test_what_was_seen_does_not_cost_what_was_said() -> None:
    wall = {"audio": EVIDENCES, "video": {"evidence": {"suggestion": 9}}}
    assert read(encode(antispam(evidences=wall)), {}) == read(hit(), {})
    assert verdict(picture(labels=[7, None, {"label": 100}])).labels[0].vendor_code == "100"


def test_unknown_fields_are_kept() -> None:
    found = Result.model_validate(
        {"newer": [1], "antispam": {"brandNew": {"a": 1}, "evidences": {"more": 2}}}
    )
    assert found.model_extra == {"newer": [1]}
    assert found.antispam
    assert found.antispam.model_extra == {"brandNew": {"a": 1}}
    assert found.antispam.evidences
    assert found.antispam.evidences.model_extra == {"more": 2}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        b'{"ocr":' * 100_000,
        b'{"asr": ' + b"9" * 5_000 + b"}",
        encode(antispam()),
        encode({"weather": {}}),
    ],
)
def test_what_is_no_result(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read(body, {})


# --- anything


def numbers(found: Finding) -> Iterator[float]:
    """Every number that goes to the table or the bus."""
    times: list[int | None] = []
    if isinstance(found, TaskEnd):
        yield from (number for number in (found.code, found.seconds) if number is not None)
    if isinstance(found, Verdict):
        yield from (label.score for label in found.labels if label.score is not None)
        times += [found.started_at, found.ended_at]
        if found.review:
            times.append(found.review.acted_at)
            yield found.review.warnings or 0
    if isinstance(found, Description):
        times += [found.started_at, found.ended_at]
    yield from (at for at in times if at is not None and iso(at))


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    if isinstance(value, dict | list | tuple):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)


@given(ITEMS.map(encode) | ANY.map(encode) | st.binary(), st.sampled_from([{}, {"resultTimes": "stream"}]))
@example(hit(startTime=1e308, endTime=10**400, labels=[{"label": 10**400, "rate": 1e-320}]), {})
@example(review(segments=[{"startTime": 1e13, "endTime": 253_402_300_799_999.5}], warnCount=10**400), {})
@example(end(finishType=1, duration=1e308), {})
def test_whatever_comes_is_read_or_called_unreadable(body: bytes, options: dict[str, str]) -> None:
    """And nothing that the table or the bus could not take comes out of it."""
    try:
        findings = read(body, options)
    except Unreadable:
        return
    for found in findings:
        assert found.vendor_task_id
        assert all(abs(number) < 1e16 for number in numbers(found))
        assert all(text.encode() is not None for text in texts(asdict(found)))
