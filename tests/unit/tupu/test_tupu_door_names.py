"""The name of a result: what it is about and who judged it, whichever way and however often it comes."""

import json
from typing import Any

import pytest
from earshot.vendors.port import Delivery, Unreadable
from earshot.vendors.tupu.door import identify, split
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
from tests.unit.support.samples import load

SLICE = f"{REQUEST_ID}#20231115061520-20231115061530"
OURS = "gfrnfwzkc4rsgwghg6ymoy3s7y-primary-1a"


def of(task: str = MODERATION, /, array: str = "violations", **fields: Any) -> Delivery:
    return identify(callback(task, array, slice_of(**fields)))


@pytest.mark.parametrize(("name", "task_id"), TASKS.items())
def test_a_slice_has_one_beginning_and_each_task_its_own_end(name: str, task_id: str) -> None:
    assert of(task_id, label="Abuse").key == f"{SLICE}#{name}"


def test_a_task_that_has_no_name_of_ours_keeps_its_id() -> None:
    assert of("5caee6b2a76925c55a09ffff").key == f"{SLICE}#5caee6b2a76925c55a09ffff"


def test_a_user_is_part_of_it() -> None:
    assert of(userId="u_1").key == f"{SLICE}#u_1#moderation"
    assert of(userId=7).key == f"{SLICE}#7#moderation"
    assert of(userId="").key == of(userId=None).key == f"{SLICE}#moderation"


@pytest.mark.parametrize("user", ["a#b", "a b", "~", "李", "x" * 49, "a\x7fb"])
def test_awkward_users_are_told_by_a_digest(user: str) -> None:
    key = of(userId=user).key
    assert key.isascii()
    assert key.isprintable()
    assert len(key) < 120
    assert "#~" in key
    assert key.count("#") == 3
    assert key != of(userId=user + "x").key


def test_half_a_character_is_no_user() -> None:
    assert of(userId="\ud800").key == of().key


def test_links_texts_and_judgement_are_no_part_of_it() -> None:
    assert of(speechUrl="http://b.example.net/2.mp3", content="?", label="Porn", rate=1).key == of().key
    assert of(array="texts").key == of().key


@pytest.mark.parametrize(
    "other",
    [
        {"requestId": "60f12563d59aa5877b7e9a20"},
        {"sliceStartTime": "2023-11-15 06:15:21"},
        {"sliceEndTime": "2023-11-15 06:15:31"},
        {"startTime": 0.5, "endTime": 1.5},
        {"sliceStartTime": "06:15:20"},
        {"sliceStartTime": None},
    ],
)
def test_everything_else_is(other: dict[str, Any]) -> None:
    assert of(**other).key != of().key


def test_pieces_within_a_slice_are_told_apart_where_they_say_when() -> None:
    first, second = of(startTime=0.5, endTime=1.5), of(startTime="0.5", endTime=2)
    assert first.key == f"{SLICE}+0.5-1.5#moderation"
    assert first.key != second.key


def test_a_slice_without_any_time_is_told_by_what_it_holds() -> None:
    times: dict[str, Any] = {"sliceStartTime": None, "sliceEndTime": None}
    assert of(**times, content="a").key != of(**times, content="b").key
    assert of(**times, speechUrl="a").key == of(**times, speechUrl="b").key


# --- whose it is


@pytest.mark.parametrize("field", ["forumId", "dataId"])
def test_it_names_our_task_as_the_table_or_the_example_spells_it(field: str) -> None:
    fields: dict[str, Any] = {"forumId": None, "dataId": None, field: OURS}
    assert of(**fields).task_ref == OURS


@pytest.mark.parametrize("other", [None, "", "room-42:0007", OURS[:-1], 7, [OURS]])
def test_what_is_no_name_of_ours_is_left_to_the_address(other: Any) -> None:
    assert of(forumId=other).task_ref is None


@pytest.mark.parametrize("where", ["top", "task"])
def test_the_vendors_id_may_stand_above_the_slice(where: str) -> None:
    found = json.loads(callback(MODERATION, "violations", slice_of(requestId=None)))
    (found if where == "top" else found[MODERATION])["requestId"] = REQUEST_ID
    assert identify(json.dumps(found).encode()).key == of().key


@pytest.mark.parametrize("wrong", [None, "", "  ", [], {}, True])
def test_a_slice_must_say_whose_it_is(wrong: Any) -> None:
    with pytest.raises(Unreadable, match="requestId"):
        of(requestId=wrong)


# --- what a plan that keeps hits alone has to keep


@pytest.mark.parametrize(
    ("fields", "is_hit"),
    [
        ({"action": "block"}, True),
        ({"action": "review"}, True),
        ({"action": "pass"}, False),
        ({"action": "PASS", "label": "Abuse"}, False),
        ({"action": "warn"}, True),
        ({"action": "warn", "label": "Normal"}, True),
        ({"label": "Normal"}, False),
        ({"label": "Normal", "review": True}, True),
        ({"label": 0, "review": False}, False),
        ({"label": "0"}, False),
        ({"label": 1}, True),
        ({"label": "Abuse", "review": True}, True),
        ({"rate": 0.9}, True),
        ({}, True),
    ],
)
@pytest.mark.parametrize("task", [MODERATION, VULGAR, "5caee6b2a76925c55a09ffff"])
def test_everything_but_what_is_known_to_be_none(task: str, fields: dict[str, Any], is_hit: bool) -> None:
    assert of(task, **fields).is_hit == is_hit


@pytest.mark.parametrize("name", ["transcription", "gender", "events", "voiceprint"])
def test_a_description_is_none_whatever_its_label(name: str) -> None:
    assert not of(TASKS[name], "texts", label="male", rate=0.9).is_hit
    assert of(TASKS[name], "texts", action="block").is_hit


def test_a_failure_is_never_skipped_and_is_no_slice() -> None:
    found = identify(failure(14))
    assert found.is_hit
    assert found.key == f"{REQUEST_ID}#code14"


# --- several at once


def test_slices_and_tasks_of_one_callback_are_taken_apart() -> None:
    body = json.dumps(load("vendors", "tupu", "slices-and-tasks.json")).encode()
    whole = identify(body)
    assert (whole.is_batch, whole.is_hit, whole.body) == (True, True, body)
    assert whole.key.startswith("batch#")
    later = f"{REQUEST_ID}#20231115061530-20231115061540"
    found = [identify(one) for one in split(body)]
    assert [one.key for one in found] == [
        f"{SLICE}#moderation",
        f"{SLICE}#transcription",
        f"{later}#moderation",
        f"{SLICE}#vulgar",
    ]
    assert [one.is_hit for one in found] == [True, False, False, False]
    assert not any(one.is_batch for one in found)
    assert {one.task_ref for one in found} == {OURS}


def test_a_batch_without_a_hit_is_none() -> None:
    assert not identify(callback(TRANSCRIPTION, "texts", slice_of(), slice_of(userId="u"))).is_hit


def test_a_part_has_all_that_its_callback_says_of_it_and_nothing_of_the_others() -> None:
    whole = json.loads(callback(MODERATION, "violations", slice_of(new=[1]), slice_of(userId="u")))
    whole[MODERATION] |= {"rate": 0.5, "keywords": ["x"]}
    whole[VULGAR] = {"violations": [slice_of()]}
    first = json.loads(split(json.dumps(whole).encode())[0])
    assert first[MODERATION] == {"violations": [slice_of(new=[1])], "rate": 0.5}
    assert first["timestamp"] == whole["timestamp"]
    assert VULGAR not in first


def test_of_two_with_one_name_the_worse_comes_first() -> None:
    both = json.loads(callback(MODERATION, "texts", slice_of(action="pass"), slice_of(action="review")))
    both[MODERATION]["violations"] = [slice_of(action="block", label="Abuse")]
    parts = [json.loads(one)[MODERATION] for one in split(json.dumps(both).encode())]
    assert [next(iter(part.values()))[0]["action"] for part in parts] == ["block", "review", "pass"]


def test_an_odd_element_costs_itself_alone() -> None:
    odd = json.loads(callback(MODERATION, "violations", slice_of(action="block"), slice_of(requestId=None)))
    odd[MODERATION]["violations"] += [None, 7, "x", []]
    parts = split(json.dumps(odd).encode())
    assert len(parts) == 2
    assert identify(parts[0]).key == f"{SLICE}#moderation"
    with pytest.raises(Unreadable):
        identify(parts[1])


def test_arrays_that_hold_no_slices_are_not_taken_for_them() -> None:
    found = json.loads(callback(MODERATION, "violations", slice_of(action="block")))
    found[MODERATION]["details"] = [{"keyword": "w"}]
    found["SEIs"] = [slice_of()]
    assert identify(json.dumps(found).encode()).key == f"{SLICE}#moderation"


def test_any_name_of_the_array_will_do() -> None:
    assert of(array="results").key == of().key


@pytest.mark.parametrize("array", ["violations", "texts", "speechs"])
def test_a_slice_of_a_known_array_may_say_next_to_nothing(array: str) -> None:
    body = callback(VULGAR, array, {"label": 1}, requestId=REQUEST_ID)
    assert identify(body).key.startswith(f"{REQUEST_ID}#~")
    assert identify(body).is_hit


def test_nothing_is_no_result() -> None:
    for body in (callback(MODERATION, "violations"), b"{}", failure(0)):
        with pytest.raises(Unreadable):
            identify(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from([*slice_of(), "userId", "dataId", "action", "label", "review", "rate", "details"])


@given(st.lists(st.tuples(FIELDS, JSON), max_size=4), st.integers(1, 3))
def test_whatever_a_field_holds(changes: list[tuple[str, Any]], slices: int) -> None:
    body = callback(MODERATION, "violations", *[slice_of(**dict(changes))] * slices)
    for one in split(body):
        try:
            found = identify(one)
        except Unreadable:
            continue
        assert found.key.encode()
        assert found == identify(one)
        assert not found.is_batch
