"""What one ordinary callback makes of AWS, counted on moto with the real handlers; and what a quiet hour makes of
the state machine, counted on its definition."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from earshot.contract.plan import Plan
from moto import mock_aws

from tests.contract import table
from tests.perf import callback
from tests.template import graph, steps
from tests.template.account import CALLBACK_KEY, client, open_account
from tests.template.bundle import fake_aws, machine
from tests.template.calls import Call, recorded
from tests.template.scenario import MINTED, Stage

VENDOR_TASK_ID = "a78eef377079acc6cdec24967ecde722"
WRITES = ("PutItem", "UpdateItem", "DeleteItem")
PARKED = "Watch"


@dataclass(frozen=True)
class Counts:
    """Calls by action on the request path and behind it; ``sign``: behind it, for a callback that is noted as a sign
    of life; sizes in bytes."""

    door: Counter[str]
    relay: Counter[str]
    sign: Counter[str]
    item_bytes: int
    watch_bytes: int
    body_bytes: int

    @property
    def door_writes(self) -> int:
        return _writes(self.door)

    @property
    def relay_writes(self) -> int:
        return _writes(self.relay)

    @property
    def sign_writes(self) -> int:
        return _writes(self.sign)


def of_a_callback(*, hits_only: bool = False) -> Counts:
    """The second callback of a moderated room: warm, and nothing to be learnt from it."""
    with fake_aws(), mock_aws():
        stage = Stage(open_account('{"default": {"keep": "hits"}}' if hits_only else "{}"))
        watch_id = _opened(stage)
        sign = _first_callback(stage, watch_id)
        body = callback.request(VENDOR_TASK_ID, 2)
        event = callback.event(body, callback.task_ref(watch_id, hits_only=hits_only), CALLBACK_KEY)
        with _counting() as door:
            answer = stage.functions["receive_callback"](event)
        assert answer["statusCode"] == 200, answer
        records = _unread(stage)
        with _counting() as relay:
            stage.functions["relay_changes"]({"Records": records})
        return Counts(door, relay, sign, _size("segment"), _size("watch"), len(body.encode()))


def _writes(calls: Counter[str]) -> int:
    return sum(calls[f"dynamodb:{name}"] for name in WRITES)


def _opened(stage: Stage) -> str:
    """A room that is listened to, its machine parked."""
    assert stage.tell("RoomOpened", "room-1001") == "claim"
    watch_id = stage.watch_of("room-1001")
    opened = steps.mint(stage, watch_id, MINTED)
    stage.invoke("submit_stream", opened, {"code": 1100, "requestId": VENDOR_TASK_ID})
    (item,) = (item for item in table.items(client("dynamodb")) if item["kind"]["S"] == "watch")
    client("dynamodb").update_item(
        TableName=table.NAME,
        Key={"pk": item["pk"], "sk": item["sk"]},
        UpdateExpression="SET task_token = :token",
        ExpressionAttributeValues={":token": {"S": "a-token"}},
    )
    stage.relay()
    return watch_id


def _first_callback(stage: Stage, watch_id: str) -> Counter[str]:
    """What it makes behind the door: it is its task's first sign of life."""
    (task_ref,) = (
        item["task_ref"]["S"] for item in table.items(client("dynamodb")) if item["kind"]["S"] == "task"
    )
    assert stage.push(task_ref, callback.request(VENDOR_TASK_ID, 1).encode()) == 200
    records = _unread(stage)
    with _counting() as sign:
        stage.functions["relay_changes"]({"Records": records})
    stage.told += len(records)
    return sign


def _unread(stage: Stage) -> list[dict[str, Any]]:
    """What Lambda's filter lets through."""
    records = table.stream(client("dynamodb"))[stage.told :]
    return [r for r in records if r["dynamodb"]["NewImage"]["kind"]["S"] in {"segment", "watch"}]


@contextmanager
def _counting() -> Iterator[Counter[str]]:
    counts: Counter[str] = Counter()

    def note(call: Call) -> None:
        counts[call.action] += 1

    with recorded(note):
        yield counts


def _size(kind: str) -> int:
    """An item as DynamoDB weighs it: names and values; the largest of its kind."""
    items = [item for item in table.items(client("dynamodb")) if item["kind"]["S"] == kind]
    return max((sum(len(name) + _weight(value) for name, value in item.items()) for item in items), default=0)


def _weight(attribute: dict[str, Any]) -> int:
    ((kind, value),) = attribute.items()
    if kind == "N":
        return len(value) // 2 + 2
    return len(value) if isinstance(value, bytes) else len(str(value).encode())


def transitions_per_look() -> int:
    """States entered between two parkings of a watch whose look found nothing: the shortest way round."""
    ways = deque([[PARKED]])
    while ways:
        way = ways.popleft()
        for after in sorted(graph.successors(way[-1])):
            if after == PARKED:
                return len(way)
            if after not in way:
                ways.append([*way, after])
    raise AssertionError(f"{PARKED} cannot be entered again")


def transitions_per_quiet_hour() -> float:
    """Nothing but looks, as often as the default plan has them."""
    return transitions_per_look() * 3_600 / Plan().look_s


def transitions_per_life() -> int:
    """A room that is opened, parked once and closed, along the states that such a room passes."""
    life = [
        "Route",
        "Mint",
        "Route",
        "Submit",
        "Route",
        "Watch",
        "Advise",
        "Route",
        "Finish",
        "Settle",
        "Close",
        "Verdict",
        "Ended",
    ]
    assert life[0] == machine()["StartAt"]
    for state, after in pairwise(life):
        assert after in graph.successors(state), f"no way from {state} to {after}"
    return len(life)
