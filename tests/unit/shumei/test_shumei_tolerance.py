"""What the vendor sends beside its own page: never a lost verdict, never a crash."""

import json
from typing import Any

import pytest
from earshot.domain.verdict import Finding, Label, LabelHit, RiskLevel, TaskEnd, Verdict
from earshot.vendors.port import Unreadable
from earshot.vendors.shumei.reader import read
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.support import pushes
from tests.unit.support.shumei_seed import CALLBACK_FIELDS, tree, verdict

ODD: list[tuple[str, Any]] = [
    ("hits", {}),
    ("hits", "none"),
    ("language", {"label": 0, "confidence": 99}),
    ("language", ["zh"]),
    ("language", [{"label": "zh", "confidence": 99.5}]),
    ("businessLabels", [None, "x"]),
    ("speakers", [{"uid": 1}]),
    ("speakers", [[1, 2], [{"uid": "\ud83d", "volume": 1}, {"volume": "loud"}]]),
    ("seiInfo", "sei"),
    ("isSing", 0.5),
    ("beginProcessTime", "a moment ago"),
    ("matchedList", ["色情"]),
    ("requestParams", "{}"),
    ("tokenRiskLabels", {}),
    ("description", "\ud83d"),
]


@pytest.mark.parametrize(("field", "value"), ODD)
def test_a_field_of_a_wrong_type_does_not_cost_the_verdict(field: str, value: Any) -> None:
    message = json.loads(pushes.segment())
    message["detail"][field] = value
    odd = verdict(pushes.encode_any(message))
    assert odd == verdict(pushes.segment())


def test_several_of_them_do_not_either() -> None:
    odd = {
        "hits": {},
        "language": ["zh"],
        "seiInfo": "sei",
        "isSing": "no",
        "speakers": 1,
        "matchedItem": [1],
    }
    assert verdict(pushes.segment(detail=odd)) == verdict(pushes.segment())


def test_a_text_that_was_cut_in_the_middle_of_a_character_does_not_cost_the_verdict() -> None:
    message = json.loads(pushes.segment())
    message["detail"]["audioText"] = "cut \ud83d"
    assert verdict(pushes.encode_any(message)).risk_level is RiskLevel.REJECT


@pytest.mark.parametrize("score", [-1, 1_001, 10**6, "high", 12.5])
def test_a_score_outside_its_range_is_none(score: Any) -> None:
    (hit,) = verdict(pushes.segment(score=score)).labels
    assert hit == LabelHit(Label.ABUSE, "210", None)


@pytest.mark.parametrize(("score", "share"), [(0, 0.0), (1_000, 1.0), (None, None)])
def test_scores_are_thousandths(score: int | None, share: float | None) -> None:
    (hit,) = verdict(pushes.segment(score=score)).labels
    assert hit.score == share


def test_what_is_essential_is_not_mended() -> None:
    wrong: list[tuple[str, Any]] = [
        ("code", "ok"),
        ("code", None),
        ("requestId", ["t_1"]),
        ("requestId", None),
    ]
    for field, value in wrong:
        with pytest.raises(Unreadable, match=f"^{field}: "):
            read(pushes.segment(**{field: value}), {})


def numbers(findings: tuple[Finding, ...]) -> list[float]:
    values: list[float | None] = []
    for finding in findings:
        if isinstance(finding, TaskEnd):
            values.append(finding.seconds)
        if isinstance(finding, Verdict):
            values += [*(hit.score for hit in finding.labels), finding.started_at, finding.ended_at]
            values += [heard.volume for heard in finding.speakers]
    return [value for value in values if value is not None]


json_value = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=6,
)
FIELDS = st.sampled_from(sorted(CALLBACK_FIELDS))
messages = st.dictionaries(FIELDS, json_value, max_size=4).map(lambda odd: tree({**CALLBACK_FIELDS, **odd}))


@given(st.one_of(st.binary(), json_value.map(pushes.encode_any), messages.map(pushes.encode_any)))
@example(b"[" * 100_000)
@example(pushes.end(auxInfo={"streamTime": float("inf")}))
@example(pushes.end(auxInfo={"streamTime": float("nan")}))
@example(pushes.segment(score=10**400))
@example(pushes.segment(code=10**400))
def test_whatever_comes_is_read_or_called_unreadable(body: bytes) -> None:
    """And no number that the table or the bus could not take comes out of it."""
    try:
        findings = read(body, {})
    except Unreadable:
        return
    assert findings
    assert all(abs(number) < 1e300 for number in numbers(findings))
