"""Who may come in, what a result is called, and how many are taken apart."""

import json
import subprocess
import sys
from typing import Any

import pytest
from earshot.errors import Misconfigured, Refused
from earshot.vendors.port import Unreadable
from earshot.vendors.volcengine import slices
from earshot.vendors.volcengine.door import ANSWER, identify, split, take
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.support.root import LAYER
from tests.unit.volcengine_vendor.volcengine_calls import APP
from tests.unit.volcengine_vendor.volcengine_results import (
    ACCOUNT,
    SECRET,
    SIGNED,
    TASK,
    VECTOR,
    audio,
    encoded,
    event,
    frame_of,
    push,
    slice_of,
    video,
)


def no_secrets() -> Any:
    raise AssertionError("nothing of it is signed")


def is_refused(message: dict[str, Any], account: dict[str, Any] | None = None) -> bool:
    try:
        push(message, account)
    except Refused as refusal:
        return refusal.reason == "not_authenticated"
    return False


# --- a DetectionResult


def test_the_vector() -> None:
    delivery = push(VECTOR)
    assert (delivery.key, delivery.is_hit, delivery.is_batch) == ("event#e1", True, False)
    assert delivery.body == encoded(VECTOR), "kept as it came"
    assert event() != VECTOR
    assert push(event()).key == delivery.key


def test_sorted_by_name_it_would_be_another() -> None:
    assert is_refused({**VECTOR, "Signature": "2063460a" + VECTOR["Signature"][8:]})


@pytest.mark.parametrize("name", [*SIGNED, "Signature"])
def test_every_field_is_signed_and_must_be_there(name: str) -> None:
    genuine = event()
    if name != "EventType":
        assert is_refused({key: value for key, value in genuine.items() if key != name})
    odds: tuple[Any, ...] = (genuine[name] + "x", "", None, 7, [], "\ud800")
    for odd in odds:
        assert is_refused({**genuine, name: odd})


def test_one_without_a_type_is_not_taken_for_an_event() -> None:
    unsigned = {name: value for name, value in event().items() if name != "EventType"}
    with pytest.raises(Unreadable):
        take(encoded(unsigned), {}, no_secrets)


def test_the_data_is_signed_byte_for_byte() -> None:
    genuine = event()
    again = json.dumps(json.loads(genuine["EventData"]), separators=(",", ":"))
    assert again != genuine["EventData"]
    assert is_refused({**genuine, "EventData": again})


def test_keys_rotate() -> None:
    account = {"app1": {"webhook_secret": ["new", SECRET]}}
    assert push(event(), account).is_hit
    assert push(event(secret="new"), account).is_hit
    assert is_refused(event(secret="older"), account)


def test_each_application_has_its_own_key() -> None:
    other = {"app1": {"webhook_secret": "another"}, APP: {"webhook_secret": SECRET}}
    assert is_refused(event(), other)
    assert push(event(AppId=APP), other).is_hit
    assert is_refused(event(AppId="unknown"), other)
    assert is_refused(event(), {})


@pytest.mark.parametrize("fields", [{}, {"webhook_secret": ""}, {"webhook_secret": []}])
@pytest.mark.parametrize("left_out", ["", "Signature"])
def test_an_application_without_a_key_is_named(fields: dict[str, Any], left_out: str) -> None:
    message = {name: value for name, value in event().items() if name != left_out}
    with pytest.raises(Misconfigured) as error:
        push(message, {"app1": fields})
    assert error.value.setting == "secret volcengine.app1.webhook_secret"


@pytest.mark.parametrize("at", ["", "yesterday", "2026-01-02T03:04:05", "1767294245"])
def test_a_time_must_be_one(at: str) -> None:
    """Where one value ends and the next begins is not signed."""
    assert is_refused(event(EventTime=at))


@pytest.mark.parametrize(
    ("suggest", "is_hit"), [("PASS", False), ("REVIEW", True), ("REJECT", True), (7, True)]
)
def test_a_hit_is_what_is_not_to_pass(suggest: Any, is_hit: bool) -> None:
    assert push(event({"Suggest": suggest})).is_hit is is_hit


@pytest.mark.parametrize(
    "message",
    [
        event(EventType="RoomDestroy"),
        event(EventData="x"),
        event(EventData="[]"),
        event(EventData="{" * 100_000),
        event(EventId=""),
    ],
)
def test_what_is_signed_and_not_understood_is_unreadable(message: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        push(message)


def test_a_name_is_printable_ascii() -> None:
    assert push(event(EventId="连 #")).key.isascii()
    assert push(event(EventId="a" * 500)).key != push(event(EventId="a" * 501)).key
    assert len(push(event(EventId="a" * 500)).key) < 60


# --- what content security may push


def test_a_slice_is_known_by_its_id_its_speaker_and_what_was_judged() -> None:
    delivery = take(encoded(audio(slice_of())), {}, no_secrets)
    assert (delivery.key, delivery.family) == ("audio#u1#s1#BLOCK", "audio#u1#s1#")
    assert delivery.is_hit
    assert delivery.task_ref is None
    same = slice_of(FrameUrl="https://cdn.example.net/signed-anew.mp3", AudioText="")
    assert push(audio(same, Decision="PASS")).key == delivery.key
    assert push(audio(slice_of(Decision="PASS"))).key == "audio#u1#s1#PASS"
    others = [slice_of(2), slice_of(UserId="u2"), slice_of(UserId=...), slice_of(SliceId=...)]
    assert len({push(audio(one)).key for one in others} | {delivery.key}) == 5


def test_a_slice_without_an_id_is_known_by_its_time() -> None:
    first, second = (slice_of(SliceId=..., StartTimeStamp=at) for at in (1, 2))
    assert push(audio(first)).key == push(audio(first, Decision="REVIEW")).key
    assert push(audio(first)).key != push(audio(second)).key


def test_a_frame_is_no_slice() -> None:
    assert push(video([frame_of(1, SliceId="s1")])).key == "image#u1#s1#REVIEW"
    assert push(video([], [slice_of()])).key == "audio#u1#s1#BLOCK"


def test_several_are_taken_apart_behind_the_door() -> None:
    body = encoded(video([frame_of(1), frame_of(2)], [slice_of()]))
    batch = take(body, {}, no_secrets)
    assert (batch.is_batch, batch.body) == (True, body)
    assert take(body, {}, no_secrets).key == batch.key
    keys = [identify(one).key for one in split(body)]
    assert keys == ["audio#u1#s1#BLOCK", "image#u1#f1#REVIEW", "image#u1#f2#REVIEW"]


def test_what_was_taken_apart_is_in_the_vendors_shape() -> None:
    first, second = (json.loads(one) for one in split(encoded(audio(slice_of(1), slice_of(2, new="field")))))
    assert first == {"DataId": TASK, "PassThrough": "p", "Details": [slice_of(1)]}
    assert second["Details"][0]["new"] == "field"
    heard, seen = (json.loads(one) for one in split(encoded(video([frame_of()], [slice_of()]))))
    assert heard["AudioResults"] == {"Details": [slice_of()]}
    assert seen["VideoResults"] == {"Frames": [frame_of()]}


def test_one_that_is_not_understood_does_not_cost_the_others() -> None:
    parts = split(encoded(audio(slice_of(1, Decision=None), "odd", slice_of(2))))
    assert len(parts) == 2
    with pytest.raises(Unreadable):
        identify(parts[0])
    assert identify(parts[1]).key == "audio#u1#s2#BLOCK"


def test_a_stream_without_slices_is_its_decision() -> None:
    assert (push(audio()).key, push(audio()).is_hit) == ("stream##BLOCK", True)
    assert push(audio(Decision="PASS", Details=None)).is_hit is False


@pytest.mark.parametrize("decision", [None, "", " ", 7, []])
def test_a_result_without_a_decision_is_unreadable(decision: Any) -> None:
    for message in (audio(slice_of(Decision=decision)), audio(Decision=decision)):
        with pytest.raises(Unreadable):
            push(message)


@pytest.mark.parametrize("name", [None, "", [], True, 1.5])
def test_a_result_without_its_task_is_unreadable(name: Any) -> None:
    for message in (audio(slice_of(), DataId=name), audio(slice_of(1), slice_of(2), DataId=name)):
        with pytest.raises(Unreadable):
            push(message)


def test_several_cannot_be_one() -> None:
    with pytest.raises(Unreadable):
        identify(encoded(audio(slice_of(1), slice_of(2))))


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"null", b"\xff", b"[" * 100_000, b"1" * 5_000])
def test_garbage_is_unreadable(body: bytes) -> None:
    for ask in (push, identify, split):
        with pytest.raises(Unreadable):
            ask(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.dictionaries(st.sampled_from([*slice_of(), *frame_of()]), JSON, max_size=6)


@given(st.lists(FIELDS | JSON, max_size=3), FIELDS, st.booleans())
def test_hostile_results_are_unreadable_and_nothing_worse(
    parts: list[Any], head: Any, is_video: bool
) -> None:
    message = video(parts, parts, **head) if is_video else audio(*parts, **head)
    try:
        delivery = take(json.dumps(message).encode(), {}, no_secrets)
    except Unreadable:
        return
    assert delivery.key.isascii()
    for part in split(delivery.body):
        try:
            assert identify(part).key.strip()
        except Unreadable:
            continue


def test_any_answer_will_do() -> None:
    assert ANSWER is None


def test_the_door_opens_without_pydantic() -> None:
    code = (
        "import sys; import earshot.vendors.volcengine.door; "
        "sys.exit(any(name.partition('.')[0] in {'pydantic', 'requests', 'boto3'} for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, env={"PYTHONPATH": str(LAYER)})
    assert done.returncode == 0


def test_the_account_of_the_tests_has_two_applications() -> None:
    assert set(ACCOUNT) == {"app1", APP}
    assert slices.PASSED == "PASS"
