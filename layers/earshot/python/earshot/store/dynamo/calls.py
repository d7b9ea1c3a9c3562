"""DynamoDB's errors as ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from earshot.errors import RetryLater

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

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

    def _query(self, key: dict[str, Any], prefix: str) -> list[dict[str, Any]]:
        """Every item of the key's partition whose sort key starts with ``prefix``."""
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :prefix)",
            "ExpressionAttributeValues": {":pk": key["pk"], ":prefix": {"S": prefix}},
            "ConsistentRead": True,
        }
        found: list[dict[str, Any]] = []
        while True:
            with translated():
                page = self._client.query(**request)
            found += page["Items"]
            if "LastEvaluatedKey" not in page:
                return found
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def _transact(self, *actions: dict[str, Any]) -> None:
        for action in actions:
            for body in action.values():
                body["TableName"] = self._table
        with translated():
            self._client.transact_write_items(TransactItems=list(actions))  # type: ignore[arg-type]
