"""DynamoDB's errors as ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from earshot.errors import RetryLater
from earshot.store.dynamo import codec, keys

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

INDEX = "due"
NAMES = {"ProjectionExpression": "pk, sk, #key", "ExpressionAttributeNames": {"#key": "key"}}
BUSY = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "RequestLimitExceeded",
        "InternalServerError",
        "ServiceUnavailable",
        "TransactionInProgressException",
    }
)
BUSY_REASONS = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})


class ConditionFailed(Exception):
    """The write's condition did not hold; ``index`` is the action of a transaction that refused."""

    def __init__(self, index: int = 0) -> None:
        self.index = index
        super().__init__(f"condition of action {index}")


@contextmanager
def translated() -> Iterator[None]:
    """Raise ConditionFailed for a refused condition, RetryLater for a busy or unreachable table."""
    try:
        yield
    except ClientError as error:
        raise _meaning(error) from None
    except BotoCoreError as error:
        raise RetryLater("table_unreachable", type(error).__name__) from None


def _meaning(error: ClientError) -> Exception:
    code = error.response["Error"]["Code"]
    if code == "ConditionalCheckFailedException":
        return ConditionFailed()
    if code == "TransactionCanceledException":
        codes = [reason.get("Code") for reason in error.response.get("CancellationReasons", [])]
        if "ConditionalCheckFailed" in codes:
            return ConditionFailed(codes.index("ConditionalCheckFailed"))
        return RetryLater("table_busy", code) if BUSY_REASONS.intersection(codes) else error
    return RetryLater("table_busy", code) if code in BUSY else error


class OnTable:
    """A part of the store: a client and a table name."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client, self._table = client, table

    def _get(self, key: dict[str, Any]) -> dict[str, Any] | None:
        with translated():
            answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return answer.get("Item")

    def _query(self, key: dict[str, Any], prefix: str, *, names_only: bool = False) -> list[dict[str, Any]]:
        """Every item of the key's partition whose sort key starts with ``prefix``; ``names_only``: just its keys."""
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :prefix)",
            "ExpressionAttributeValues": {":pk": key["pk"], ":prefix": {"S": prefix}},
            "ConsistentRead": True,
            **(NAMES if names_only else {}),
        }
        found: list[dict[str, Any]] = []
        while True:
            with translated():
                page = self._client.query(**request)
            found += page["Items"]
            if "LastEvaluatedKey" not in page:
                return found
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def _due(self, kind: str, now: int, limit: int) -> list[dict[str, Any]]:
        """Items of the index that are due, longest overdue first."""
        found: list[dict[str, Any]] = []
        for queue in keys.due_queues(kind):
            with translated():
                page = self._client.query(
                    TableName=self._table,
                    IndexName=INDEX,
                    KeyConditionExpression="due_queue = :queue AND due_at <= :now",
                    ExpressionAttributeValues=codec.values({"queue": queue, "now": now}),
                    Limit=limit,
                )
            found += page["Items"]
        return sorted(found, key=lambda item: int(item["due_at"]["N"]))[:limit]

    def _transact(self, *actions: dict[str, Any]) -> None:
        for action in actions:
            for body in action.values():
                body["TableName"] = self._table
        with translated():
            self._client.transact_write_items(TransactItems=list(actions))  # type: ignore[arg-type]
