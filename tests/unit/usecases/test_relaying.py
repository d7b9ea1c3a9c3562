"""The outbox: in order, at least once, nothing told twice under a new id."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from earshot.domain.watch import SignalName, Status, Watch
from earshot.errors import GiveUp, RetryLater
from earshot.store.port import Change, Segment, SegmentChange, WatchChange
from earshot.usecases.bus import Event
from earshot.usecases.relay_changes import RelayChanges

from tests.unit.support.fakes import Bus, Starter
from tests.unit.support.makers import START, signal, watch
from tests.unit.support.notes import Notes

Record = Mapping[str, Any]
TOKEN = "AQCEAAAAKgAAAAMAAAAAAAAAAQ"


class Relay:
    """The relay with a bus, a list of woken tokens, and segments that read as their key."""

    def __init__(self, *, fails: dict[str, Exception] | None = None, refuse: set[int] | None = None) -> None:
        self.bus, self.woken, self.fails = Bus(refuse or set()), list[str](), fails or {}
        self.buried: list[tuple[str, str]] = []
        self.starter = Starter()
        self.relay = RelayChanges(self.parse, self.read, self.bus, self.wake, self.starter, self.bury)

    def __call__(self, *changes: Record) -> str | None:
        return self.relay(changes)

    def parse(self, record: Record) -> Change | None:
        if "unparsable" in record:
            raise KeyError("kind")
        change: Change | None = record["change"]
        return change

    def read(self, segment: Segment) -> list[Event]:
        if segment.key in self.fails:
            raise self.fails[segment.key]
        return [("SegmentJudged", segment.key)] if segment.key != "nothing" else []

    def wake(self, token: str) -> None:
        if token in self.fails:
            raise self.fails.pop(token)
        self.woken.append(token)

    def bury(self, record: Record, error: Exception) -> None:
        self.buried.append((record["dynamodb"]["SequenceNumber"], type(error).__name__))

    @property
    def told(self) -> list[str]:
        return [detail if kind == "SegmentJudged" else kind for kind, detail in self.bus.published]


def record(sequence: str, change: Change | None) -> Record:
    return {"dynamodb": {"SequenceNumber": sequence}, "change": change}


def segment(key: str) -> Record:
    return record(f"seq-{key}", SegmentChange(lambda: Segment("ref", key, "shumei", b"", START)))


def moved(before: Watch | None, after: Watch, **fields: Any) -> Record:
    return record("seq-w", WatchChange(before, after, fields.get("token"), fields.get("token_was")))


def test_everything_is_told_in_order() -> None:
    relay = Relay()
    assert relay(segment("a"), segment("nothing"), segment("b"), segment("c")) is None
    assert relay.told == ["a", "b", "c"]


def test_nothing_to_tell_calls_nobody() -> None:
    relay = Relay()
    assert relay(segment("nothing")) is None
    assert relay.bus.seen == 0


def test_a_record_that_fails_is_repeated_with_all_that_came_after_it(notes: Notes) -> None:
    relay = Relay(fails={"b": RetryLater("table_busy")})
    assert relay(segment("a"), segment("b"), segment("c")) == "seq-b"
    assert relay.told == ["a"], "what came before is told, what comes after waits for its turn"
    assert "ES407" in notes.codes
    del relay.fails["b"]
    assert relay(segment("b"), segment("c")) is None
    assert relay.told == ["a", "b", "c"]


def test_a_refused_entry_is_repeated_from_there(notes: Notes) -> None:
    relay = Relay(refuse={1, 3})
    assert relay(*map(segment, "abcd")) == "seq-b"
    assert notes.of("ES407")["refused"] == 2


def test_of_a_refusal_and_a_failure_the_earlier_counts() -> None:
    relay = Relay(fails={"c": RetryLater("table_busy")}, refuse={0})
    assert relay(*map(segment, "abc")) == "seq-a"


def test_what_nobody_is_told_of_is_passed_over() -> None:
    relay = Relay()
    assert relay(segment("a"), record("seq-x", None), segment("b")) is None
    assert (relay.told, relay.buried) == (["a", "b"], [])


@pytest.mark.parametrize(
    "error", [KeyError("plan"), GiveUp("missing"), ValueError("year 0"), RecursionError()]
)
def test_a_record_that_can_never_be_told_is_buried_and_holds_nobody_up(
    error: Exception, notes: Notes
) -> None:
    relay = Relay(fails={"b": error})
    assert relay(*map(segment, "abc")) is None
    assert relay.told == ["a", "c"]
    assert relay.buried == [("seq-b", type(error).__name__)]
    assert notes.of("ES409")["error"] == type(error).__name__


def test_a_record_that_cannot_even_be_parsed_is_buried() -> None:
    relay = Relay()
    broken: Record = {"dynamodb": {"SequenceNumber": "seq-b"}, "unparsable": True}
    assert relay(segment("a"), broken, segment("c")) is None
    assert (relay.told, relay.buried) == (["a", "c"], [("seq-b", "KeyError")])


def test_what_cannot_be_buried_either_is_not_lost() -> None:
    class NoGrave(Relay):
        def bury(self, record: Record, error: Exception) -> None:
            raise ConnectionError("no queue")

    relay = NoGrave(fails={"b": KeyError("plan")})
    with pytest.raises(ConnectionError):
        relay(*map(segment, "abc"))


# --- lifecycle events

EVENTS = [
    (Status.OPENING, Status.MODERATING, "ModerationStarted"),
    (Status.INTERRUPTED, Status.MODERATING, "ModerationResumed"),
    (Status.MODERATING, Status.INTERRUPTED, "ModerationInterrupted"),
    (Status.OPENING, Status.FAILED, "ModerationFailed"),
]


@pytest.mark.parametrize(("was", "status", "kind"), EVENTS)
def test_a_move_is_told(was: Status, status: Status, kind: str) -> None:
    relay = Relay()
    relay(moved(watch(status=was), watch(status=status, status_seq=1, reason="zego_206")))
    ((told, detail),) = relay.bus.published
    assert told == kind
    fields = json.loads(detail)
    assert fields["reason" if kind in {"ModerationInterrupted", "ModerationFailed"} else "vendor"] in {
        "zego_206",
        "shumei",
    }
    assert fields["schema_version"] == "1.0"
    assert fields["room"] == {"platform": "zego", "app_id": "1234567890", "room_id": "room-1001"}


def test_a_birth_is_not_told() -> None:
    relay = Relay()
    relay(moved(None, watch()))
    assert relay.told == []


def test_the_end_is_told_with_its_ledger() -> None:
    from earshot.domain.ledger import settle

    before = watch(status=Status.MODERATING, status_seq=1)
    ledger = settle(before, [], START + 60_000)
    relay = Relay()
    relay(
        moved(before, replace(before, status=Status.ENDED, status_seq=2, reason="room_closed", ledger=ledger))
    )
    ((kind, detail),) = relay.bus.published
    assert (kind, json.loads(detail)["reason"]) == ("ModerationEnded", "room_closed")
    assert json.loads(detail)["ledger"] == ledger


def test_what_is_no_move_is_not_told() -> None:
    before = watch(status=Status.MODERATING, status_seq=1)
    relay = Relay()
    for after in (
        replace(before, credentials=2),
        replace(before, troubles=3),
        replace(before, signal=signal()),
    ):
        relay(moved(before, after))
    assert relay.told == []


def test_the_event_id_of_a_move_is_stable_and_its_own() -> None:
    def event_id(seq: int) -> str:
        relay = Relay()
        relay(moved(watch(), watch(status=Status.MODERATING, status_seq=seq)))
        return str(json.loads(relay.bus.published[0][1])["event_id"])

    assert event_id(1) == event_id(1)
    assert event_id(1) != event_id(3)


# --- signals


def test_a_signal_written_after_the_token_wakes() -> None:
    relay = Relay()
    relay(moved(watch(), watch(signal=signal()), token=TOKEN, token_was=TOKEN))
    assert relay.woken == [TOKEN]


def test_a_token_written_after_the_signal_wakes() -> None:
    """The parked state refuses to park then; but if it ever did, nobody would be left waiting."""
    pending = watch(signal=signal())
    relay = Relay()
    relay(moved(pending, pending, token=TOKEN))
    assert relay.woken == [TOKEN]


def test_a_newer_signal_wakes_again() -> None:
    before, after = watch(signal=signal(SignalName.TASK_ENDED)), watch(signal=signal(SignalName.ROOM_CLOSED))
    relay = Relay()
    relay(moved(before, after, token=TOKEN, token_was=TOKEN))
    assert relay.woken == [TOKEN]


@pytest.mark.parametrize(
    ("before", "after", "token", "token_was"),
    [
        (watch(), watch(signal=signal()), None, None),
        (watch(), watch(), TOKEN, None),
        (watch(signal=signal()), watch(signal=signal(), credentials=1), TOKEN, TOKEN),
        (watch(signal=signal()), watch(), None, TOKEN),
    ],
    ids=["not parked", "no signal", "an old story", "looked at"],
)
def test_what_wakes_nobody(before: Watch, after: Watch, token: str | None, token_was: str | None) -> None:
    relay = Relay()
    assert relay(moved(before, after, token=token, token_was=token_was)) is None
    assert relay.woken == []


def test_a_wake_that_did_not_get_through_is_repeated() -> None:
    relay = Relay(fails={TOKEN: RetryLater("not_woken")})
    change = moved(watch(), watch(signal=signal()), token=TOKEN)
    assert relay(segment("a"), change, segment("b")) == "seq-w"
    assert relay(change, segment("b")) is None
    assert (relay.woken, relay.told) == ([TOKEN], ["a", "b"])


def test_a_token_is_never_noted(notes: Notes) -> None:
    Relay()(moved(watch(), watch(signal=signal()), token=TOKEN))
    assert "ES406" in notes.codes
    assert TOKEN not in notes.text


# executions


def test_a_watch_of_a_new_generation_gets_an_execution_that_looks_first() -> None:
    relay = Relay()
    before, after = watch(generation=1), watch(generation=2)
    relay(moved(before, after))
    relay(moved(before, after))
    name = f"{after.watch_id}-g2"
    assert relay.starter.calls == [(name, "look")] * 2, "the name lets it start once"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, watch(generation=1)),
        (watch(generation=1), watch(generation=1, troubles=3)),
        (watch(), watch(generation=1, status=Status.ENDED, ledger=None)),
    ],
)
def test_no_other_change_starts_one(before: Watch | None, after: Watch) -> None:
    relay = Relay()
    relay.relay._hand_over(WatchChange(before, after, None, None))
    assert relay.starter.calls == []
