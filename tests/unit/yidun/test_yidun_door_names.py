"""How a result is named: a repetition has the same name, another thing said has another."""

from typing import Any

import pytest
from earshot.vendors.yidun.door import identify

from tests.unit.yidun.yidun_results import (
    END,
    EVIDENCES,
    LABELS,
    REVIEW,
    SEEN,
    START,
    STRETCH,
    antispam,
    beside,
    encode,
    end,
    hit,
    key,
    names,
    picture,
    review,
)

SPAN = f"{START}-{END}"


def labelled(label: Any = 600, level: Any = 2, sub: Any = "600018") -> bytes:
    return hit(labels=[{"label": label, "level": level, "subLabels": [{"subLabel": sub}]}])


# --- names


@pytest.mark.parametrize(
    ("body", "begins", "digests"),
    [
        (hit(), f"{SPAN}#u_1001#seg-0012#", 1),
        (hit(segmentId=...), f"{SPAN}#u_1001##", 1),
        (hit(speakerId=None, segmentId=""), f"{SPAN}###", 1),
        (hit(startTime=..., endTime=None), "-#u_1001#seg-0012#", 1),
        (hit(startTime=120000, endTime="130000"), "120000-130000#u_1001#seg-0012#", 1),
        (encode(antispam(evidences={"audio": EVIDENCES})), f"{SPAN}#u_1001#seg-0012#", 1),
        (picture(), f"image#{SPAN}#1#pic-24#u_1001#", 1),
        (review(), "review#1700000200000#2#u_1001#", 1),
        (review(speakerId=""), "review#1700000200000#2##", 1),
        (end(finishType=1), "end#1#", 0),
        (end(finishType=0, status=3, failureReason=2), "end#0#2", 0),
        (end(status=3, failureReason=4), "end##4", 0),
        (end(status=3), "end##", 0),
        (end(status=..., failureReason=1), "end##1", 0),
        (beside("asr", content="x"), f"asr#{SPAN}#u_1001#", 0),
        (beside("language", segmentId="s"), f"language#{SPAN}#u_1001#s", 0),
        (beside("voice", segmentId="s"), f"voice#{SPAN}#u_1001#s", 0),
        (beside("quality", details={"silent": True}), f"quality#{SPAN}#u_1001#", 0),
        (beside("llmCheckInfo", segmentId="s"), f"llmCheckInfo#{SPAN}#u_1001#s", 0),
        (encode({"ocr": {"text": "x"}}), "ocr#-###", 1),
    ],
)
def test_the_name_of_each_kind(body: bytes, begins: str, digests: int) -> None:
    found = key(body)
    assert found.startswith(begins)
    assert len(found) == len(begins) + 16 * digests


def test_several_blocks_are_all_named() -> None:
    both = encode({**antispam(evidences=EVIDENCES, finishType=1), "asr": {**STRETCH, "content": "x"}})
    assert key(both) == f"{key(hit())}&end#1#&asr#{SPAN}##"
    wall = encode(antispam(evidences={"audio": EVIDENCES, "video": {"evidence": SEEN, "labels": []}}))
    assert key(wall) == f"{key(hit())}&{key(picture())}"
    person = encode(antispam(evidences=EVIDENCES, reviewEvidences=REVIEW))
    assert key(person) == f"{key(hit())}&{key(review())}"


def test_a_long_name_keeps_its_beginning() -> None:
    many = {name: {**STRETCH, "segmentId": "s" * 40} for name in ("asr", "language", "voice", "quality")}
    found = key(encode({**antispam(evidences=EVIDENCES), **many}))
    assert found.startswith(f"{key(hit())}&")
    assert len(found) <= 200
    other = {**many, "quality": {**STRETCH, "segmentId": "other"}}
    assert key(encode({**antispam(evidences=EVIDENCES), **other})) != found


# --- a repetition


@pytest.mark.parametrize(
    "again",
    [
        hit(url="https://cdn.example.net/s/12.mp3?sign=2", content="heard better"),
        hit(frontSegment={"url": "https://x"}, riskDescription="new", newField=[1]),
        hit(startTime=str(START), endTime=float(END)),
        hit(suggestion="2", label="600"),
        hit(labels=[{**LABELS[0], "label": "600", "level": "2", "rate": 0.5}]),
        hit(labels=[{"label": 600.0, "level": 2, "subLabels": [{"subLabel": 600018, "explain": "why"}]}]),
        encode(antispam(evidences=EVIDENCES, callback="other", riskScore=3, dataId=7, censorSource="2")),
        encode({**antispam(evidences=EVIDENCES), "asr": None, "language": {}, "unheard-of": {"a": 1}}),
    ],
)
def test_what_is_said_again_has_the_same_name(again: bytes) -> None:
    assert key(again) == key(hit())


def test_the_order_of_labels_says_nothing() -> None:
    one, two = (
        {"label": 600, "level": 2},
        {"label": 100, "level": 1, "subLabels": [{"subLabel": "100001"}, {"subLabel": "2"}]},
    )
    turned = {**two, "subLabels": [{"subLabel": 2}, {"subLabel": "100001"}]}
    assert key(hit(labels=[one, two])) == key(hit(labels=[turned, one]))
    assert key(review(segments=[STRETCH], censorAccount="rv-1", spamDetail="x")) == key(review())


# --- another judgement


def test_another_judgement_on_the_same_segment_is_another_result() -> None:
    bodies = [
        hit(),
        hit(suggestion=1),
        hit(suggestion=0, label=0, labels=[]),
        hit(label=100),
        labelled(100),
        labelled(600, 1),
        labelled(600, 2, "600019"),
        hit(labels=[LABELS[0], {"label": 100, "level": 1}]),
        encode(antispam(evidences=EVIDENCES, censorSource=0)),
    ]
    assert names(bodies) == len(bodies)
    assert all(key(body).startswith(f"{SPAN}#u_1001#seg-0012#") for body in bodies)


def test_what_is_of_another_segment_or_speaker_is_another_result() -> None:
    bodies = [
        hit(),
        hit(speakerId="u_2"),
        hit(segmentId="seg-2"),
        hit(startTime=START + 1),
        hit(endTime=END + 1),
        hit(speakerId="u_1001#seg-0012", segmentId=""),
        hit(speakerId="u_1001", segmentId="#"),
        review(),
        review(action=3),
        review(actionTime=1),
        review(speakerId=""),
        review(segments=[]),
        review(segments=[STRETCH, STRETCH]),
        review(spamType=100),
        review(pictures=[{"beginTime": 1, "pictureId": "p"}]),
        picture(),
        picture(pictureId="pic-25"),
        picture(beginTime=1),
        picture(type=2),
        picture(suggestion=2),
        end(finishType=1),
        end(finishType=0),
        end(finishType=0, status=3, failureReason=1),
        beside("asr"),
        beside("asr", startTime=1),
        beside("asr", speakerId="u_2"),
        beside("voice"),
        encode({"ocr": {"text": "x"}}),
        encode({"ocr": {"text": "y"}}),
    ]
    assert names(bodies) == len(bodies)


@pytest.mark.parametrize(
    "awkward", ["说话人", "a#b", "a&b", "a b", " ", "~x", "x" * 300, "\x00", "\ud800", "é"]
)
def test_awkward_ids_are_told_apart_by_their_digest(awkward: str) -> None:
    found = key(hit(speakerId=awkward))
    assert found.startswith(f"{SPAN}#~")
    assert found == key(hit(speakerId=awkward))
    assert len({found, key(hit(speakerId=awkward + "2")), key(hit(speakerId=...))}) == 3


# --- what is a hit


@pytest.mark.parametrize(
    ("body", "is_hit"),
    [
        (hit(suggestion=2), True),
        (hit(suggestion=1), True),
        (hit(suggestion=0), False),
        (hit(suggestion="0"), False),
        (hit(suggestion=0.0), False),
        (hit(suggestion=3), True),
        (hit(suggestion=-0.5), True),
        (hit(suggestion=False), True),
        (hit(suggestion="pass"), True),
        (hit(suggestion=...), True),
        (picture(suggestion=0), False),
        (picture(), True),
        (review(action=1), True),
        (end(finishType=1), True),
        (end(status=3, failureReason=2), True),
        (beside("asr"), False),
        (beside("language"), False),
        (beside("voice"), False),
        (beside("quality"), False),
        (beside("llmCheckInfo"), False),
        (encode(antispam(evidences={**EVIDENCES, "suggestion": 0}, finishType=0)), True),
        (encode({**antispam(evidences={**EVIDENCES, "suggestion": 0}), "asr": STRETCH}), False),
        (encode({**antispam(evidences=EVIDENCES), "asr": STRETCH}), True),
    ],
)
def test_passes_and_descriptions_are_no_hits(body: bytes, is_hit: bool) -> None:
    assert identify(body).is_hit is is_hit


# --- whose it is


@pytest.mark.parametrize(
    ("body", "task_ref"),
    [
        (hit(), "room-42:0007"),
        (encode(antispam(evidences=EVIDENCES, dataId=7)), "7"),
        (encode(antispam(evidences=EVIDENCES, dataId="")), None),
        (encode(antispam(evidences=EVIDENCES, dataId=...)), None),
        (beside("asr", dataId="ref-1a"), "ref-1a"),
        (beside("language"), None),
        (encode({**antispam(finishType=1), "asr": {**STRETCH, "dataId": []}}), "room-42:0007"),
    ],
)
def test_the_task_that_a_result_names(body: bytes, task_ref: str | None) -> None:
    assert identify(body).task_ref == task_ref
