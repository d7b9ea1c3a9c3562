"""What DynamoDB may answer, without DynamoDB: errors put in the place of an answer, calls counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

EVENT = "before-call.dynamodb"


@contextmanager
def answering(client: DynamoDBClient, code: str, *, reasons: tuple[str, ...] = ()) -> Iterator[None]:
    """Every call fails with ``code``; ``reasons`` are those of a cancelled transaction, action by action."""
    parsed: dict[str, Any] = {"Error": {"Code": code, "Message": "stub"}, "ResponseMetadata": {}}
    if reasons:
        parsed["CancellationReasons"] = [{"Code": reason} for reason in reasons]
    answer = SimpleNamespace(status_code=400, headers={}, content=b"")
    with _hooked(client, lambda **_: (answer, parsed)):
        yield


@contextmanager
def raising(client: DynamoDBClient, error: Exception) -> Iterator[None]:
    """Every call fails before it is sent."""

    def fail(**_: Any) -> None:
        raise error

    with _hooked(client, fail):
        yield


@contextmanager
def counted(client: DynamoDBClient) -> Iterator[Counter[str]]:
    """Calls by operation."""
    counts: Counter[str] = Counter()

    def count(model: Any, **_: Any) -> None:
        counts[model.name] += 1

    with _hooked(client, count):
        yield counts


@contextmanager
def _hooked(client: DynamoDBClient, handler: Any) -> Iterator[None]:
    client.meta.events.register(EVENT, handler)
    try:
        yield
    finally:
        client.meta.events.unregister(EVENT, handler)
