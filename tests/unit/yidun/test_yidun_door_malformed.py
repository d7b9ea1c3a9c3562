"""What the door does not understand, and what it says of it."""

import json
from contextlib import suppress
from typing import Any

import pytest
from earshot.vendors.port import Unreadable
from earshot.vendors.yidun.door import identify
from earshot.vendors.yidun.reader import read
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.yidun.yidun_results import (
    ANY,
    EVIDENCES,
    ITEMS,
    START,
    STRETCH,
    TASK_ID,
    antispam,
    beside,
    encode,
    end,
    hit,
    key,
    picture,
    review,
)

# --- malformed

NO_IDS: list[Any] = [[], {}, True, float("nan")]
NO_NUMBERS: list[Any] = [*NO_IDS, "soon", float("inf"), "NaN", "1e400", "1_0"]
MALFORMED: list[tuple[bytes, str]] = [
    (b"", "body: is not JSON"),
    (b"{", "body: is not JSON (line 1 column 2)"),
    (b"callbackData=%7B%7D", "body: is not JSON"),
    (b"\xff\xfe\xfd", "body: is not JSON (UTF-8)"),
    ('{"asr": "字'.encode()[:-1], "body: is not JSON (UTF-8)"),
    (b"null", "body: is not a JSON object"),
    (b"[]", "body: is not a JSON object"),
    (b"[" * 200_000, "body: nested too deeply"),
    (b'{"ocr":' * 200_000, "body: nested too deeply"),
    (b"{}", "antispam, asr, language, voice, quality, llmCheckInfo, ocr, discern, logo, face: every one"),
    (b'{"weather": {"taskId": "t"}}', "antispam, asr,"),
    (b'{"antispam": null, "asr": {}}', "antispam, asr,"),
    (b'{"antispam": []}', "antispam: is not an object"),
    (b'{"antispam": "x", "asr": {"startTime": 1}}', "antispam: is not an object"),
    (b'{"asr": "x"}', "asr: is not an object"),
    (encode(antispam()), "antispam: holds none of evidences"),
    (encode(antispam(evidences={}, reviewEvidences=None)), "antispam: holds none of evidences"),
    (encode(antispam(status=1, failureReason=2)), "antispam: holds none of evidences"),
    (encode(antispam(status=..., failureReason=0)), "antispam: holds none of evidences"),
    (encode(antispam(evidences=[EVIDENCES])), "evidences: is not an object"),
    (encode(antispam(reviewEvidences="x")), "reviewEvidences: is not an object"),
    (encode(antispam(evidences={"audio": 1})), "audio: is not an object"),
    (encode(antispam(evidences={"video": {"evidence": 1}})), "evidence: is not an object"),
    (end(finishType="over"), "finishType: is not a number"),
    *[(hit(**{field: odd}), f"{field}: ") for field in ("segmentId", "speakerId") for odd in NO_IDS],
    *[
        (hit(**{field: odd}), f"{field}: is not a number")
        for field in ("startTime", "endTime")
        for odd in NO_NUMBERS
    ],
    (hit().replace(str(START).encode(), b"1e400"), "startTime: is not a number"),
    (review(actionTime=[]), "actionTime: is not a number"),
    (review(action=True), "action: is not a number"),
    (review(speakerId=[]), "speakerId: is neither"),
    (picture(pictureId=[]), "pictureId: is neither"),
    (beside("asr", segmentId={}), "segmentId: is neither"),
    (encode(antispam(evidences=EVIDENCES, dataId=[1])), "dataId: is neither"),
]


@pytest.mark.parametrize(
    ("body", "problem"), MALFORMED, ids=[f"{at}-{p[:30]}" for at, (_, p) in enumerate(MALFORMED)]
)
def test_every_malformed_result_says_what_is_wrong_and_never_quotes_it(body: bytes, problem: str) -> None:
    with pytest.raises(Unreadable) as raised:
        identify(body)
    assert str(raised.value).startswith(problem)


@pytest.mark.parametrize(
    ("whole", "left"),
    [
        ({**antispam(evidences=EVIDENCES), "asr": {"segmentId": []}}, antispam(evidences=EVIDENCES)),
        ({**antispam(evidences=EVIDENCES), "asr": "x"}, antispam(evidences=EVIDENCES)),
        (antispam(evidences=[1], finishType=0), antispam(finishType=0)),
        (antispam(evidences=EVIDENCES, reviewEvidences=[1]), antispam(evidences=EVIDENCES)),
        (antispam(evidences={"audio": EVIDENCES, "video": {"evidence": 1}}), antispam(evidences=EVIDENCES)),
        ({"asr": 7, "voice": STRETCH}, {"voice": STRETCH}),
    ],
)
def test_a_block_without_a_name_does_not_cost_the_one_beside_it(whole: Any, left: Any) -> None:
    assert key(encode(whole)) == key(encode(left))


@pytest.mark.parametrize("name", ["asr", "voice"])
def test_but_a_description_does_not_make_up_for_a_verdict(name: str) -> None:
    """A hits-only plan would drop both, and nobody would know."""
    wrong: list[Any] = [[EVIDENCES], {**EVIDENCES, "segmentId": []}]
    for odd in wrong:
        with pytest.raises(Unreadable):
            identify(encode({**antispam(evidences=odd), name: STRETCH}))


# --- anything


@given(ITEMS.map(encode) | ANY.map(encode) | st.binary())
@example(encode({"asr": {"taskId": TASK_ID, "startTime": 10**400, "content": "x"}}))
@example(encode(antispam(evidences={**EVIDENCES, "startTime": 1e308, "labels": [{"label": float("nan")}]})))
def test_whatever_comes_is_named_or_unreadable_and_what_is_named_can_be_read(body: bytes) -> None:
    try:
        delivery = identify(body)
    except Unreadable:
        return
    assert delivery.key.isascii()
    assert delivery.key.isprintable()
    assert 0 < len(delivery.key) <= 200
    assert delivery.key == delivery.key.strip()
    assert identify(json.dumps(json.loads(body)).encode()).key == delivery.key
    with suppress(Unreadable):
        read(body, {})
