"""Door and reader of a declared vendor."""

import json
from typing import Any

import pytest
from earshot.domain.verdict import (
    Finding,
    Heard,
    Label,
    LabelHit,
    Media,
    RiskLevel,
    TaskEnd,
    VendorTrouble,
    Verdict,
)
from earshot.vendors.declared.reader import DeclaredReader
from earshot.vendors.port import Unreadable

from tests.unit.declared.declared_parts import NOW, described, door, section

EVENT = {"id": "e-1", "task": "t-1", "verdict": "bad", "labels": ["a", "new"]}
BATCH = (("callback.events", "data.list"),)


def body(*events: dict[str, Any], **around: Any) -> bytes:
    return json.dumps({"data": {"list": events, "n": 1}, **around}).encode()


def read(event: dict[str, Any], *changes: tuple[str, Any], options: dict[str, Any] | None = None) -> Finding:
    (finding,) = DeclaredReader(described(*changes)).read(json.dumps(event).encode(), options or {})
    return finding


def verdict(
    event: dict[str, Any], *changes: tuple[str, Any], options: dict[str, Any] | None = None
) -> Verdict:
    finding = read({**EVENT, **event}, *changes, options=options)
    assert isinstance(finding, Verdict)
    return finding


def test_a_push_of_one_event_is_kept_byte_for_byte() -> None:
    raw = b' {"id": "e-1",  "task": "t-1", "verdict": "ok"} '
    taken = door().take(raw, {}, section())
    assert (taken.key, taken.is_hit, taken.body, taken.is_batch) == ("e-1", False, raw, False)


def test_a_push_of_several_is_taken_apart_behind_the_door() -> None:
    raw = body(EVENT, {**EVENT, "id": "e-2", "verdict": "ok"}, account="x")
    taken = door(*BATCH).take(raw, {}, section())
    assert taken.is_batch
    assert taken.body == raw
    results = door(*BATCH).split(raw)
    assert [door(*BATCH).identify(one).key for one in results] == ["e-1", "e-2"]
    assert [door(*BATCH).identify(one).is_hit for one in results] == [True, False]
    assert json.loads(results[0]) == {"data": {"list": [EVENT], "n": 1}, "account": "x"}


def test_a_list_of_one_event_is_no_batch() -> None:
    taken = door(*BATCH).take(body(EVENT), {}, section())
    assert (taken.key, taken.is_batch) == ("e-1", False)


@pytest.mark.parametrize("events", [None, {}, "x", [], [{}] * 201])
def test_a_list_that_is_none_is_unreadable(events: Any) -> None:
    with pytest.raises(Unreadable):
        door(*BATCH).take(json.dumps({"data": {"list": events}}).encode(), {}, section())


def test_too_much_beside_the_events_is_not_multiplied() -> None:
    with pytest.raises(Unreadable):
        door(*BATCH).split(body(EVENT, EVENT, around="x" * 70_000))


def test_the_task_that_a_result_names() -> None:
    assert (
        door(("callback.map.task_ref", {"$": "event.ref"}))
        .identify(json.dumps({**EVENT, "ref": "r"}).encode())
        .task_ref
        == "r"
    )


@pytest.mark.parametrize("name", [None, "", " ", "a\nb", "x" * 401, [], {}, "\ud800"])
def test_a_result_without_a_name_that_can_be_stored_is_unreadable(name: Any) -> None:
    with pytest.raises(Unreadable):
        door().identify(json.dumps({**EVENT, "id": name}).encode())


def test_a_vendor_cannot_say_what_only_a_poll_says() -> None:
    raw = b'{"earshot_ended": {"task_id": "t", "state": "over"}}'
    with pytest.raises(Unreadable):
        door().take(raw, {}, section())
    assert door().identify(raw).key == "t#ended"
    assert DeclaredReader(described()).read(raw, {}) == (TaskEnd("t", 0, None),)


# --- bodies


def test_a_form_is_kept_as_json() -> None:
    taken = door(("callback.body", "form")).take(b"id=e-1&task=t&verdict=ok", {}, section())
    assert json.loads(taken.body) == {"id": "e-1", "task": "t", "verdict": "ok"}


def test_json_in_a_form_and_json_in_json_are_unwrapped() -> None:
    inner = {"callback.unwrap": ["data"], "callback.events": "data"}.items()
    event = json.dumps([EVENT])
    form = door(("callback.body", "json_in_form"), *inner)
    taken = form.take(f"data={event.replace(' ', '')}&sign=x".encode(), {}, section())
    assert taken.key == "e-1"
    assert form.identify(taken.body).key == "e-1"
    assert door(*inner).take(json.dumps({"data": event}).encode(), {}, section()).key == "e-1"
    with pytest.raises(Unreadable):
        form.take(b"data={", {}, section())


@pytest.mark.parametrize("raw", [b"a=1&a=2", b"\xff=1", b"=&=", b"x" * 300_000])
def test_a_form_that_is_none_is_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        door(("callback.body", "form")).take(raw, {}, section())


def test_what_the_vendor_wants_to_hear() -> None:
    assert door().ANSWER is None
    assert door(("callback.ack", {"json": {"code": 0}})).ANSWER == {"code": 0}
    assert door(("callback.ack", {"text": "success"})).ANSWER == "success"


# --- what a result comes to


def test_a_verdict_and_its_labels() -> None:
    found = verdict({})
    assert (found.segment_id, found.vendor_task_id, found.risk_level) == ("e-1", "t-1", RiskLevel.REJECT)
    assert found.labels == (LabelHit(Label.ABUSE, "a"), LabelHit(Label.UNKNOWN, "new"))
    assert verdict({"verdict": "odd"}).risk_level is RiskLevel.REVIEW
    assert verdict({"verdict": None}).risk_level is RiskLevel.REVIEW


def test_scores_are_shares() -> None:
    labels = [
        {"code": "a", "score": 50},
        {"code": 7, "score": 101},
        {"code": None},
        {"code": "a"},
        True,
        [1],
        {},
    ]
    found = verdict({"labels": labels}, ("score_max", 100))
    assert found.labels == (LabelHit(Label.ABUSE, "a", 0.5), LabelHit(Label.UNKNOWN, "7", None))


@pytest.mark.parametrize(
    ("unit", "value", "moment"),
    [
        ("epoch_ms", 1_700_000_000_123, 1_700_000_000_123),
        ("epoch_s", "1700000000.5", 1_700_000_000_500),
        ("iso8601", "2023-11-14T22:13:20Z", NOW),
        ("iso8601", "2023-11-15T06:13:20+08:00", NOW),
        ("iso8601", "2023-11-15T06:13:20", NOW),
        ("wall_clock", "2023-11-15 06:13:20", NOW),
        ("wall_clock", "yesterday", None),
        ("none", 5, None),
        ("epoch_ms", -1, None),
        ("epoch_ms", 10**30, None),
        ("epoch_s", "nan", None),
        ("epoch_s", True, None),
    ],
)
def test_moments(unit: str, value: Any, moment: int | None) -> None:
    changes = (("times", {"unit": unit, "offset_hours": 8}), ("callback.map.start", {"$": "event.at"}))
    assert verdict({"at": value}, *changes).started_at == moment


def test_the_unit_of_moments_may_be_a_setting() -> None:
    changes = (
        ("settings.unit", {"type": "string", "default": "epoch_ms"}),
        ("times", {"unit": "settings.unit"}),
        ("callback.map.start", {"$": "event.at"}),
    )
    assert verdict({"at": NOW}, *changes).started_at == NOW
    assert verdict({"at": NOW // 1000}, *changes, options={"unit": "epoch_s"}).started_at == NOW
    assert verdict({"at": NOW}, *changes, options={"unit": 7, "of another version": 1}).started_at == NOW


def test_a_frame_is_of_one_moment() -> None:
    table = {"$table": {"of": "event.type", "cases": {"1": "image"}, "default": "audio"}}
    changes = (
        ("callback.map.media", table),
        ("callback.map.image", {"$": "event.url"}),
        ("callback.map.start", {"$": "event.at"}),
    )
    found = verdict({"type": 1, "url": "https://x/1.jpg", "at": NOW}, *changes)
    assert (found.media, found.image_url, found.started_at, found.ended_at) == (
        Media.IMAGE,
        "https://x/1.jpg",
        NOW,
        NOW,
    )
    assert verdict({"type": 2}, *changes).media is Media.AUDIO


def test_a_field_of_a_wrong_type_does_not_cost_the_verdict_beside_it() -> None:
    fields = {
        name: {"$": f"event.{name}"}
        for name in ("user", "text", "clip", "speakers", "silent", "start", "end")
    }
    wrong = {name: {"no": ["thing"]} for name in fields}
    found = verdict(wrong, *((f"callback.map.{name}", node) for name, node in fields.items()))
    assert (found.speaker_id, found.text, found.audio_url, found.speakers, found.silent) == (
        None,
        None,
        None,
        (),
        False,
    )


def test_everybody_who_was_heard() -> None:
    change = ("callback.map.speakers", {"$": "event.all[].{id: uid, volume: v}"})
    found = verdict({"all": [{"uid": 7, "v": 200}, {"uid": "b"}, {"v": 1}]}, change)
    assert found.speakers == (Heard("7", 200), Heard("b", None))


KINDS = (
    (
        "callback.kind",
        {
            "$table": {
                "of": "event.kind",
                "cases": {"end": "ended", "bad": "trouble", "beat": "status"},
                "default": "result",
            }
        },
    ),
    ("callback.map.code", {"$": "event.code"}),
    ("callback.map.seconds", {"$": "event.seconds"}),
    ("callback.map.ends_task", {"$": "event.dead"}),
)


def test_ends_troubles_and_signs_of_life() -> None:
    end = {"kind": "end", "task": "t-1", "code": "12", "seconds": 65.5}
    assert read(end, *KINDS) == TaskEnd("t-1", 12, 65.5)
    assert read({"kind": "end", "task": "t-1", "code": "why", "seconds": -1}, *KINDS) == TaskEnd(
        "t-1", None, None
    )
    assert read({"kind": "bad", "task": "t-1", "code": 5, "dead": True}, *KINDS) == VendorTrouble(
        "t-1", 5, ends_task=True
    )
    made = door(*KINDS)
    assert made.identify(json.dumps(end).encode()).key == "t-1#ended"
    beat = json.dumps({"kind": "beat", "task": "t-1"}).encode()
    assert (made.identify(beat).key, made.identify(beat).is_hit) == ("t-1#status", False)
    assert DeclaredReader(described(*KINDS)).read(beat, {}) == ()
    with pytest.raises(Unreadable):
        made.identify(b'{"kind": "end"}')


def test_a_kind_that_is_none_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        door(("callback.kind", {"$": "event.kind"})).identify(json.dumps(EVENT).encode())
