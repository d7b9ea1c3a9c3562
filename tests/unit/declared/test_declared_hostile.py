"""What comes over the wire, and names that users chose: whatever they hold, they stay data."""

import json
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from earshot.domain.room import Room
from earshot.errors import BadInput, EarshotError, Refused
from earshot.http_client import Answer
from earshot.vendors.declared.parsing import MAX_DEPTH, parsed, stored
from earshot.vendors.declared.reader import DeclaredReader
from earshot.vendors.port import Delivery, Unreadable
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.declared.declared_parts import Line, client, described, door, section, submission

TEXT = st.text(max_size=60) | st.sampled_from(
    ['","admin":"', "\r\nX-Admin: 1", "../..", "{{7*7}}", "${jndi:x}", "\x00", "\ud800"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
MAPPED = (
    ("callback.events", "list"),
    (
        "callback.kind",
        {"$table": {"of": "event.kind", "cases": {"end": "ended", "bad": "trouble"}, "default": "result"}},
    ),
    ("callback.map.task_ref", {"$": "json_parse(event.note).ref"}),
    ("callback.map.labels", {"$": "event.labels[].{code: c, score: s}"}),
    ("callback.map.start", {"$": "event.at"}),
    ("callback.map.text", {"$": "join('', event.words)"}),
    ("callback.map.code", {"$": "event.code"}),
    ("callback.map.seconds", {"$": "event.seconds"}),
)
DOOR, READER = door(*MAPPED), DeclaredReader(described(*MAPPED))
FIELDS = ("id", "task", "verdict", "kind", "note", "labels", "at", "words", "code", "seconds")


def holds(raw: bytes) -> None:
    """A delivery that can be stored and then read, or Unreadable, which does not carry the body."""
    try:
        delivery = DOOR.identify(raw)
        assert isinstance(delivery, Delivery)
        assert delivery.key.encode()
        results = DOOR.split(raw) if delivery.is_batch else [raw]
    except Unreadable as problem:
        told(problem, 300)
        return
    for result in results:
        try:
            DOOR.identify(result)
            assert all(finding.vendor_task_id for finding in READER.read(result, {}))
        except Unreadable as problem:
            told(problem, 300)


def told(problem: Exception, most: int) -> None:
    assert len(str(problem)) < most, "it is logged: it must not carry what came"


@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), JSON), min_size=1, max_size=3), JSON)
def test_any_push_of_events_is_read_or_unreadable(events: list[dict[str, Any]], around: Any) -> None:
    holds(json.dumps({"list": events, "around": around}).encode())


@given(st.lists(JSON, max_size=3))
def test_events_that_are_none_are_unreadable_and_nothing_worse(events: list[Any]) -> None:
    holds(json.dumps({"list": events}).encode())


@given(st.binary(max_size=300))
def test_any_bytes_are_unreadable_and_nothing_worse(raw: bytes) -> None:
    holds(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b'{"a":"' + b"[" * 100_000,
        b'{"id": ' + b"9" * 100_000 + b"}",
        b'{"id": 1e999}',
        b'{"id": NaN}',
        b'{"id": -Infinity}',
        b'"' + b'\\"' * 120_000,
        b'{"id": "\\u0000"}',
        b"\xef\xbb\xbf{}",
        '{"id": "x"}'.encode("utf-16"),
        b" " * 300_000 + b"{}",
    ],
    ids=lambda raw: repr(raw[:20]),
)
def test_a_bomb_is_unreadable(raw: bytes) -> None:
    made = door()
    with pytest.raises(Unreadable):
        made.take(raw, {}, section())


def test_brackets_in_a_text_are_text() -> None:
    text = "[" * 500 + '\\"' + "{" * 500
    assert parsed(f'{{"a": "{text}"}}') == {"a": text.replace('\\"', '"')}
    assert parsed("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    with pytest.raises(ValueError, match="deeply"):
        parsed("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))


@given(JSON)
def test_what_is_parsed_is_what_was_written_or_refused(value: Any) -> None:
    try:
        found = parsed(json.dumps(value))
    except ValueError:
        return
    assert found == value
    assert parsed(stored(found)) == found


@given(st.dictionaries(TEXT, TEXT, max_size=5))
def test_a_forged_push_is_refused_whatever_it_holds(headers: dict[str, str]) -> None:
    proof = {"recipe": "hmac_body", "header": "x-sig", "algorithm": "sha256", "key": {"$secret": "key"}}
    made = door(("callback.verify", [proof]))
    for value in headers.values():
        with pytest.raises(Refused):
            made.take(b"{}", {**headers, "x-sig": value}, section())


# --- names that users chose

BODY = {"name": {"$": "room.room_id"}, "inner": {"$json": {"name": {"$": "room.room_id"}}}, "key": 1}


@given(TEXT)
def test_a_name_stays_one_value_of_the_body(name: str) -> None:
    line = Line({"code": 0, "task": "t"})
    made = client(line, ("submit.json", BODY), ("submit.path", ["start"]))
    try:
        made.submit(submission(room=Room("zego", "a", name)))
    except BadInput:
        assert not line.sent
        return
    sent = json.loads(line.sent[0].body or b"")
    assert sent["name"] == name
    assert json.loads(sent["inner"]) == {"name": name}
    assert sent.keys() == {"name", "inner", "key"}


@given(TEXT)
def test_a_name_stays_one_step_and_one_parameter(name: str) -> None:
    line = Line({"code": 0, "task": "t"})
    changes = (
        ("submit.json", None),
        ("submit.path", ["v1", {"$": "room.room_id"}, "end"]),
        ("submit.query", {"q": {"$": "room.room_id"}}),
        ("submit.form", {"f": {"$": "room.room_id"}}),
    )
    try:
        client(line, *changes).submit(submission(room=Room("zego", "a", name)))
    except BadInput:
        assert not line.sent
        return
    wire = line.sent[0]
    parts = urlsplit(f"{wire.origin.url}{wire.target}")
    assert parts.hostname == "api.wren.example"
    assert [unquote(step) for step in parts.path.split("/")] == ["", "v1", name, "end"]
    assert parse_qsl(parts.query, keep_blank_values=True) == [("q", name)]
    assert parse_qsl((wire.body or b"").decode(), keep_blank_values=True) == [("f", name)]


@given(TEXT)
def test_a_name_in_a_header_is_one_line_of_ascii_or_bad_input(name: str) -> None:
    line = Line({"code": 0, "task": "t"})
    try:
        client(line, ("submit.headers", {"X-Room": {"$": "room.room_id"}})).submit(
            submission(room=Room("zego", "a", name))
        )
    except BadInput as error:
        told(error, 120)
        return
    assert line.sent[0].headers["X-Room"] == name
    assert name.isascii()
    assert name.isprintable()


# --- answers


@given(JSON, st.integers(100, 599))
def test_any_answer_is_an_acceptance_or_an_error_of_ours(answer: Any, status: int) -> None:
    try:
        raw = json.dumps(answer).encode()
        assert client(Line(Answer(status, raw))).submit(submission()).vendor_task_id
    except EarshotError as error:
        told(error, 200)
