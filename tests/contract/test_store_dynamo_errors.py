"""DynamoDB's errors as ours: busy is later, refused is a conflict, the rest is what it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from earshot.domain.attendance import Attendance, Finding, Person
from earshot.domain.books import Page
from earshot.domain.circuit import Circuit
from earshot.domain.lifecycle import Advice, Next
from earshot.domain.watch import TaskState
from earshot.errors import CredentialClaimed, EarshotError, RetryLater
from earshot.store.dynamo.store import DynamoStore
from earshot.store.port import Conflict, KeptNotice, WaitingStop

from tests.contract import faults
from tests.contract.samples import (
    NOW,
    ROOM,
    SESSION,
    WATCH_ID,
    accepted,
    credential,
    occurrence,
    segment,
    signal,
    task,
    watch,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Act = Callable[[DynamoStore], object]
REF = task().task_ref

ACTS: dict[str, Act] = {
    "room": lambda store: store.room(ROOM),
    "claim": lambda store: store.claim(ROOM, occurrence(), 0, [watch()], NOW),
    "amend_room": lambda store: store.amend_room(ROOM, occurrence(), 0),
    "add_watch": lambda store: store.add_watch(watch()),
    "watches": lambda store: store.watches(SESSION),
    "knows_notice": lambda store: store.knows_notice("zego", "1", "key"),
    "put_notice": lambda store: store.put_notice(KeptNotice("zego", "1", "key", NOW)),
    "see_person": lambda store: store.see_person(ROOM, Person("user-7", True, NOW, "1")),
    "anybody_in": lambda store: store.anybody_in(ROOM, NOW),
    "attendance": lambda store: store.attendance(ROOM),
    "note_left": lambda store: store.note_left(ROOM, NOW, NOW),
    "note_closed": lambda store: store.note_closed(ROOM, NOW),
    "due_rooms": lambda store: store.due_rooms(NOW, 10),
    "settle_look": lambda store: store.settle_look(Attendance(ROOM, due_at=NOW), Finding()),
    "watch": lambda store: store.watch(WATCH_ID),
    "tasks": lambda store: store.tasks(WATCH_ID),
    "task": lambda store: store.task(REF),
    "next_number": lambda store: store.next_number(WATCH_ID),
    "put_credential": lambda store: store.put_credential(credential(), NOW),
    "open_task": lambda store: store.open_task(task()),
    "accept_task": lambda store: store.accept_task(watch(), accepted(), NOW),
    "owner": lambda store: store.owner("shumei", "vendor-1"),
    "drop_task": lambda store: store.drop_task(REF, TaskState.UNKNOWN, "x"),
    "learn_task": lambda store: store.learn_task(REF, "vendor-1"),
    "end_task": lambda store: store.end_task(REF, NOW, None, None),
    "count_finish": lambda store: store.count_finish(REF, NOW),
    "finish_task": lambda store: store.finish_task(REF, NOW),
    "due_tasks": lambda store: store.due_tasks(NOW, 10),
    "settle_check": lambda store: store.settle_check(task(), NOW),
    "signal": lambda store: store.signal(WATCH_ID, signal()),
    "resolve": lambda store: store.resolve(watch(), Advice(Next.WATCH), NOW),
    "close_watch": lambda store: store.close_watch(watch(reason="x", closed_at=NOW), {}, NOW),
    "put_segment": lambda store: store.put_segment(segment()),
    "put_segments": lambda store: store.put_segments([segment(), segment()]),
    "segment_keys": lambda store: store.segment_keys(REF, "vendor"),
    "take_turn": lambda store: store.take_turn("yidun:liveaudio", NOW, 1_000),
    "ask_stop": lambda store: store.ask_stop("yidun:liveaudio", WaitingStop("vendor-1", False), NOW),
    "waiting_stops": lambda store: store.waiting_stops("yidun:liveaudio", "vendor-1", 10),
    "settle_stop": lambda store: store.settle_stop("yidun:liveaudio", "vendor-1"),
    "lease_poll": lambda store: store.lease_poll("yidun:liveaudio", "me", NOW, NOW + 1, "id-1"),
    "turn_page": lambda store: store.turn_page("yidun:liveaudio", "me", "id-2", NOW + 1),
    "end_lease": lambda store: store.end_lease("yidun:liveaudio", "me"),
    "segment": lambda store: store.segment(REF, "vendor-1_1"),
    "hear_task": lambda store: store.hear_task(REF, NOW, 1_000),
    "lose_task": lambda store: store.lose_task(REF, NOW),
    "reopen_task": lambda store: store.reopen_task(REF, NOW, NOW),
    "token": lambda store: store.token(WATCH_ID),
    "queue_watch": lambda store: store.queue_watch(WATCH_ID, NOW),
    "restart": lambda store: store.restart(WATCH_ID, 0),
    "live_watches": lambda store: store.live_watches(),
    "latest_sessions": lambda store: store.latest_sessions([ROOM.key]),
    "look_after": lambda store: store.look_after(WATCH_ID),
    "circuits": lambda store: store.circuits(["shumei"]),
    "put_circuit": lambda store: store.put_circuit(Circuit("shumei"), Circuit("shumei", failures=1)),
    "reserve": lambda store: store.reserve("submit:shumei", NOW, 10),
    "reserve_by": lambda store: store.reserve_by("submit:shumei", NOW, 10, NOW),
    "take_stream": lambda store: store.take_stream("shumei", REF, 1, NOW),
    "free_stream": lambda store: store.free_stream("shumei", REF),
    "streams_held": lambda store: store.streams_held("shumei"),
    "await_stream": lambda store: store.await_stream("shumei", WATCH_ID, 5, NOW),
    "waiting_streams": lambda store: store.waiting_streams("shumei", 10),
    "leave_streams": lambda store: store.leave_streams("shumei", WATCH_ID),
    "book": lambda store: store.book(watch(), Page(NOW, (), {}), NOW),
    "totals": lambda store: store.totals("2026-11-21"),
    "set_level": lambda store: store.set_level(watch(), 1, None),
    "drop_credentials": lambda store: store.drop_credentials(WATCH_ID),
}
BUSY = (
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "RequestLimitExceeded",
    "InternalServerError",
    "ServiceUnavailable",
    "TransactionInProgressException",
)
TRANSACTIONS: dict[str, Act] = {name: ACTS[name] for name in ("claim", "accept_task")}


def test_every_method_of_the_store_is_here() -> None:
    public = {name for name in dir(DynamoStore) if not name.startswith("_")}
    assert public - {"assemble"} == set(ACTS)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
@pytest.mark.parametrize("code", BUSY)
def test_a_busy_table_is_for_later(client: DynamoDBClient, dynamo: DynamoStore, act: Act, code: str) -> None:
    with faults.answering(client, code), pytest.raises(RetryLater) as raised:
        act(dynamo)
    assert raised.value.reason == "table_busy"
    assert raised.value.status == 503


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
@pytest.mark.parametrize(
    "error",
    [EndpointConnectionError(endpoint_url="https://table"), ReadTimeoutError(endpoint_url="https://table")],
    ids=["unreachable", "silent"],
)
def test_a_table_out_of_reach_is_for_later(
    client: DynamoDBClient, dynamo: DynamoStore, act: Act, error: Exception
) -> None:
    with faults.raising(client, error), pytest.raises(RetryLater) as raised:
        act(dynamo)
    assert raised.value.reason == "table_unreachable"
    assert "https" not in str(raised.value)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
@pytest.mark.parametrize(
    "code", ["AccessDeniedException", "ResourceNotFoundException", "ValidationException"]
)
def test_a_mistake_of_ours_is_not_taken_for_a_busy_table(
    client: DynamoDBClient, dynamo: DynamoStore, act: Act, code: str
) -> None:
    with faults.answering(client, code), pytest.raises(ClientError):
        act(dynamo)


@pytest.mark.parametrize("act", TRANSACTIONS.values(), ids=TRANSACTIONS.keys())
@pytest.mark.parametrize(
    "reasons",
    [("None", "TransactionConflict"), ("ThrottlingError", "None"), ("None", "ProvisionedThroughputExceeded")],
    ids="+".join,
)
def test_a_contended_transaction_is_for_later(
    client: DynamoDBClient, dynamo: DynamoStore, act: Act, reasons: tuple[str, ...]
) -> None:
    cancelled = faults.answering(client, "TransactionCanceledException", reasons=reasons)
    with cancelled, pytest.raises(RetryLater) as raised:
        act(dynamo)
    assert raised.value.reason == "table_busy"


@pytest.mark.parametrize("act", TRANSACTIONS.values(), ids=TRANSACTIONS.keys())
@pytest.mark.parametrize(
    "reasons",
    [("None", "ConditionalCheckFailed"), ("TransactionConflict", "ConditionalCheckFailed")],
    ids="+".join,
)
def test_a_refused_condition_is_a_conflict_whatever_else_went_wrong(
    client: DynamoDBClient, dynamo: DynamoStore, act: Act, reasons: tuple[str, ...]
) -> None:
    cancelled = faults.answering(client, "TransactionCanceledException", reasons=reasons)
    with cancelled, pytest.raises(Conflict):
        act(dynamo)


@pytest.mark.parametrize("act", TRANSACTIONS.values(), ids=TRANSACTIONS.keys())
def test_a_transaction_that_is_wrong_is_not_for_later(
    client: DynamoDBClient, dynamo: DynamoStore, act: Act
) -> None:
    wrong = faults.answering(client, "TransactionCanceledException", reasons=("ValidationError", "None"))
    with wrong, pytest.raises(ClientError):
        act(dynamo)


def test_a_claim_that_lost_the_race_after_its_read_is_a_claim_lost(
    client: DynamoDBClient, dynamo: DynamoStore
) -> None:
    """The read finds the secret, the transaction does not."""
    dynamo.put_credential(credential(), NOW)
    reasons = {"CancellationReasons": [{"Code": "ConditionalCheckFailed"}, {"Code": "None"}]}
    error = {"Error": {"Code": "TransactionCanceledException", "Message": "stub"}, **reasons}

    def lose(**_: object) -> None:
        raise ClientError(error, "TransactWriteItems")  # type: ignore[arg-type]

    client.meta.events.register("before-call.dynamodb.TransactWriteItems", lose)
    try:
        with pytest.raises(CredentialClaimed):
            dynamo.open_task(task())
    finally:
        client.meta.events.unregister("before-call.dynamodb.TransactWriteItems", lose)


def test_no_error_of_the_table_carries_what_was_written(client: DynamoDBClient, dynamo: DynamoStore) -> None:
    with faults.answering(client, "ThrottlingException"), pytest.raises(EarshotError) as raised:
        dynamo.put_credential(credential(), NOW)
    assert credential().secrets["identify_token"] not in str(raised.value)
    assert raised.value.__cause__ is None
