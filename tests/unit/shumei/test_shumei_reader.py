"""What a stored push comes to, against the tables of the page."""

import json
from typing import Any

import pytest
from earshot.domain.verdict import Label, LabelHit, RiskLevel, TaskEnd, VendorTrouble, Verdict
from earshot.vendors.port import Unreadable
from earshot.vendors.shumei.callback import Callback
from earshot.vendors.shumei.reader import read

from tests.unit.support import pushes
from tests.unit.support.makers import TASK_ID
from tests.unit.support.samples import SEED_CALLBACK
from tests.unit.support.shumei_seed import CALLBACK_FIELDS, RISK_TYPES, STREAM_ERRORS, tree, verdict


def test_the_sheets_segment() -> None:
    assert verdict(pushes.segment()) == Verdict(
        segment_id=f"{TASK_ID}_stream-7_3",
        vendor_task_id=TASK_ID,
        risk_level=RiskLevel.REJECT,
        labels=(LabelHit(Label.ABUSE, "210", 0.87),),
        started_at=1_700_000_020_000,
        ended_at=1_700_000_030_000,
        speaker_id="user-7",
        text="example transcript",
        audio_url="https://media.example.com/clip/3.mp3",
        silent=False,
    )


@pytest.mark.parametrize("path", CALLBACK_FIELDS)
def test_every_documented_field_is_typed(path: str) -> None:
    """A field without a type would come back as an extra."""
    value = CALLBACK_FIELDS[path]
    push = Callback.model_validate(tree({"code": 1100, "requestId": "t_1", path: value}))
    at: Any = push
    for name in path.split("."):
        assert name in type(at).model_fields, f"{path} is not typed"
        at = getattr(at, name)
    plain = json.loads(json.dumps(value))
    typed = json.loads(push.model_dump_json(exclude_none=True, include=_mask(path)))
    for name in path.split("."):
        typed = typed[name]
    assert _as_text(typed) == _as_text(plain)


def _mask(path: str) -> Any:
    first, _, rest = path.partition(".")
    return {first: _mask(rest) if rest else True}


def _as_text(value: Any) -> Any:
    """``userId`` and ``uid`` are numbers on the wire and ids to us."""
    if isinstance(value, dict):
        return {name: _as_text(inner) for name, inner in value.items()}
    return [_as_text(inner) for inner in value] if isinstance(value, list) else str(value).removesuffix(".0")


@pytest.mark.parametrize("path", [path for path in CALLBACK_FIELDS if path.split(".")[-1] != "riskLevel"])
def test_every_field_but_two_may_be_missing_or_null(path: str) -> None:
    for value in (..., None):
        fields = {name: given for name, given in CALLBACK_FIELDS.items() if not name.startswith("auxInfo")}
        fields.pop(path, None)
        if value is None:
            fields[path] = None
        body = pushes.encode(tree(fields))
        if path in {"code", "requestId"}:
            with pytest.raises(Unreadable, match=path):
                read(body, {})
        else:
            assert verdict(body).risk_level is RiskLevel.REJECT


@pytest.mark.parametrize("missing", ["detail", "auxInfo"])
def test_whole_objects_may_be_missing_or_null(missing: str) -> None:
    for value in (..., None):
        body = pushes.segment(auxInfo=value) if missing == "auxInfo" else _bare(value)
        assert verdict(body).risk_level is RiskLevel.REJECT


def _bare(detail: Any) -> bytes:
    message = {"code": 1100, "message": "", "requestId": f"{TASK_ID}_1", "riskLevel": "REJECT"}
    return pushes.encode(message if detail is ... else {**message, "detail": detail})


@pytest.mark.parametrize(("risk_type", "label"), RISK_TYPES.items())
def test_every_risk_type_of_the_page(risk_type: int, label: str | None) -> None:
    labels = verdict(pushes.segment(detail={"riskType": risk_type})).labels
    assert [(hit.code.value, hit.vendor_code) for hit in labels] == (
        [(label, str(risk_type))] if label else []
    )


def test_a_risk_type_newer_than_the_page() -> None:
    assert verdict(pushes.segment(detail={"riskType": 340})).labels[0].code is Label.FRAUD


@pytest.mark.parametrize("risk_type", [999, -1, 123456789])
def test_an_unknown_risk_type_is_kept(risk_type: int) -> None:
    (hit,) = verdict(pushes.segment(detail={"riskType": risk_type})).labels
    assert (hit.code, hit.vendor_code) == (Label.UNKNOWN, str(risk_type))


def test_a_minor_is_a_label_of_its_own_and_told_once() -> None:
    both = verdict(pushes.segment(detail={"minorLabel": 1})).labels
    assert [hit.vendor_code for hit in both] == ["210", "minorLabel"]
    assert len(verdict(pushes.segment(detail={"minorLabel": 1, "riskType": 520})).labels) == 1
    assert len(verdict(pushes.segment(detail={"minorLabel": 0})).labels) == 1


def test_silence() -> None:
    quiet = verdict(pushes.silence())
    assert (quiet.risk_level, quiet.labels, quiet.text, quiet.silent) == (RiskLevel.PASS, (), "", True)


@pytest.mark.parametrize("level", ["PASS", "REVIEW", "REJECT"])
def test_every_risk_level(level: str) -> None:
    assert verdict(pushes.segment(riskLevel=level)).risk_level.value == level


@pytest.mark.parametrize("level", [..., None, "", "VERIFY", "reject", 3])
def test_a_verdict_without_a_level_is_no_verdict(level: Any) -> None:
    with pytest.raises(Unreadable, match="riskLevel"):
        read(pushes.segment(riskLevel=level), {})


@pytest.mark.parametrize(
    ("fields", "speaker"),
    [
        ({"strUserId": "user-7", "userId": ...}, "user-7"),
        ({"strUserId": ..., "userId": 4_294_967_295}, "4294967295"),
        ({"strUserId": "user-7", "userId": 12345}, "user-7"),
        ({"strUserId": "", "userId": 12345}, "12345"),
        ({"strUserId": ..., "userId": "12345"}, "12345"),
        ({"strUserId": ..., "userId": ...}, None),
    ],
)
def test_whose_voice_it_was(fields: dict[str, Any], speaker: str | None) -> None:
    assert verdict(pushes.segment(detail=fields)).speaker_id == speaker


def test_the_text_of_the_segment_goes_before_the_text_with_what_came_before() -> None:
    assert verdict(pushes.segment()).text == "example transcript"
    assert verdict(pushes.segment(detail={"audioText": ...})).text == "previous text example transcript"


@pytest.mark.parametrize(
    ("wall_clock", "offset", "epoch_ms"),
    [
        ("2022-10-27 21:08:32", 8, 1_666_876_112_000),
        ("2022-10-27 21:08:32", 0, 1_666_904_912_000),
        ("", 8, None),
        ("yesterday", 8, None),
        ("2022-13-27 21:08:32", 8, None),
        ("1666876112000", 8, None),
    ],
)
def test_wall_clocks(wall_clock: str, offset: int, epoch_ms: int | None) -> None:
    body = pushes.segment(detail={"audio_starttime": wall_clock})
    assert verdict(body, wallClockOffsetHours=offset).started_at == epoch_ms


@pytest.mark.parametrize("code", STREAM_ERRORS)
@pytest.mark.parametrize("stat", [1, "1", 0, ...])
def test_every_stream_error_ends_the_task(code: int, stat: Any) -> None:
    assert read(pushes.end(code, statCode=stat), {}) == (TaskEnd(TASK_ID, code, 86_390.0),)


@pytest.mark.parametrize("aux", [{}, {"errorCode": 0}, {"errorCode": None}, None])
def test_an_ordinary_end_has_no_code(aux: Any) -> None:
    assert read(pushes.end(auxInfo=aux), {}) == (TaskEnd(TASK_ID, None, None),)


def test_an_end_may_come_with_the_last_segment() -> None:
    judged, ended = read(pushes.segment(statCode=1, auxInfo={"streamTime": 60}), {})
    assert isinstance(judged, Verdict)
    assert ended == TaskEnd(TASK_ID, None, 60.0)


@pytest.mark.parametrize("level", [..., "", None, "UNKNOWN"])
def test_an_end_is_an_end_whatever_its_risk_level(level: Any) -> None:
    """A segment-like id with an empty level must not hide that nobody listens any more."""
    findings = read(pushes.segment(statCode=1, riskLevel=level, auxInfo={"errorCode": 3005}), {})
    assert findings == (TaskEnd(TASK_ID, 3005, None),)


@pytest.mark.parametrize(("options", "ends"), [({}, True), ({"pullFailureEndsTask": False}, False)])
def test_a_failed_pull(options: dict[str, Any], ends: bool) -> None:
    body = pushes.encode({"code": 1904, "message": "", "requestId": TASK_ID})
    assert read(body, options) == (VendorTrouble(TASK_ID, 1904, ends_task=ends),)


@pytest.mark.parametrize("code", [1901, 1902, 1903, 9100, 9101, 1999])
def test_the_vendors_own_trouble(code: int) -> None:
    assert read(pushes.segment(code=code), {}) == (VendorTrouble(TASK_ID, code, ends_task=False),)


@pytest.mark.parametrize(
    ("request_id", "task"),
    [
        ("abc", "abc"),
        ("abc_2", "abc"),
        ("abc_12345_0", "abc"),
        ("abc_stream_with_lines_7", "abc"),
        (" abc_2", "abc"),
    ],
)
def test_the_task_stands_before_the_first_line(request_id: str, task: str) -> None:
    assert verdict(pushes.segment(requestId=request_id)).vendor_task_id == task


def test_text_for_numbers_and_numbers_for_text() -> None:
    odd = {"riskType": "210", "vadCode": "0", "userId": 7, "strUserId": ..., "room": 16037880, "isSing": "1"}
    read_back = verdict(pushes.segment(code="1100", score="870", detail=odd))
    assert read_back.labels == (LabelHit(Label.ABUSE, "210", 0.87),)
    assert (read_back.silent, read_back.speaker_id) == (True, "7")


def test_unknown_fields_are_kept() -> None:
    push = Callback.model_validate(json.loads(pushes.segment(detail={"brandNew": {"a": 1}}, newer=[1])))
    assert push.model_extra == {"newer": [1]}
    assert push.detail
    assert push.detail.model_extra == {"brandNew": {"a": 1}}


def test_the_pages_own_sample_once_its_commas_are_mended() -> None:
    mended = SEED_CALLBACK.replace(b"},\n        },", b"}\n        },")
    read_back = verdict(mended)
    assert (read_back.segment_id, read_back.vendor_task_id) == (f"{TASK_ID}_12345_0", TASK_ID)
    assert read_back.labels == (LabelHit(Label.SEXUAL, "200"),)
    assert read_back.ended_at == 1_537_264_471_000
    with pytest.raises(Unreadable, match="body: is not JSON"):
        read(SEED_CALLBACK, {})
