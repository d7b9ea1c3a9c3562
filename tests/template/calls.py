"""Every AWS call that is made, in IAM's terms: which action, on which resource, with which leading keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

from botocore.client import BaseClient

from tests.template.bundle import ACCOUNT_ID, REGION


@dataclass(frozen=True)
class Call:
    """One request as IAM judges it. ``keys`` are the partition keys it touches (DynamoDB alone has them), ``sources``
    what its events say they come from (EventBridge alone)."""

    action: str
    resource: str
    keys: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


TRANSACTION = {
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
    "Delete": "dynamodb:DeleteItem",
    "ConditionCheck": "dynamodb:ConditionCheckItem",
}


def _arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT_ID}:{rest}"


def _table(params: Mapping[str, Any]) -> str:
    name: str = params["TableName"]
    arn = name if name.startswith("arn:") else _arn("dynamodb", f"table/{name}")
    return f"{arn}/index/{params['IndexName']}" if "IndexName" in params else arn


def _key(params: Mapping[str, Any]) -> str:
    holder = params.get("Key") or params.get("Item")
    if holder is None and "IndexName" in params:
        assert params["KeyConditionExpression"].startswith("due_queue = :queue")
        return str(params["ExpressionAttributeValues"][":queue"]["S"])
    if holder is None:
        assert params["KeyConditionExpression"].startswith("pk = :pk")
        return str(params["ExpressionAttributeValues"][":pk"]["S"])
    return str(holder["pk"]["S"])


def _dynamodb(operation: str, params: Mapping[str, Any]) -> list[Call]:
    if operation == "BatchGetItem":
        asked = {
            name: tuple(key["pk"]["S"] for key in body["Keys"])
            for name, body in params["RequestItems"].items()
        }
        return [
            Call(f"dynamodb:{operation}", _table({"TableName": name}), keys) for name, keys in asked.items()
        ]
    if operation != "TransactWriteItems":
        return [Call(f"dynamodb:{operation}", _table(params), (_key(params),))]
    # Judged by its parts, never by its own name; each part is held to the keys of all.
    parts = [(kind, body) for action in params["TransactItems"] for kind, body in action.items()]
    keys = tuple(_key(body) for _, body in parts)
    return [Call(TRANSACTION[kind], _table(body), keys) for kind, body in parts]


def _states(operation: str, params: Mapping[str, Any]) -> list[Call]:
    # A token is of a state machine, and is judged as that (CDK's grantTaskResponse names the same resource).
    machine = params.get("stateMachineArn", _arn("states", "stateMachine:earshot-RoomLifecycle"))
    return [Call(f"states:{operation}", machine)]


def _events(operation: str, params: Mapping[str, Any]) -> list[Call]:
    buses = {entry["EventBusName"] for entry in params["Entries"]}
    sources = tuple(sorted({entry["Source"] for entry in params["Entries"]}))
    arns = [_arn("events", f"event-bus/{bus}") for bus in sorted(buses)]
    return [Call(f"events:{operation}", arn, sources=sources) for arn in arns]


def _sqs(operation: str, params: Mapping[str, Any]) -> list[Call]:
    return [Call(f"sqs:{operation}", _arn("sqs", params["QueueUrl"].rpartition("/")[2]))]


SERVICES: Mapping[str, Callable[[str, Mapping[str, Any]], list[Call]]] = {
    "dynamodb": _dynamodb,
    "states": _states,
    "stepfunctions": _states,
    "events": _events,
    "sqs": _sqs,
    "secretsmanager": lambda operation, params: [Call(f"secretsmanager:{operation}", params["SecretId"])],
    "ssm": lambda operation, params: [Call(f"ssm:{operation}", _arn("ssm", f"parameter{params['Name']}"))],
}


@contextmanager
def recorded(note: Callable[[Call], None]) -> Iterator[None]:
    """Tell ``note`` of every call. A service that is not listed above is an error."""
    make = BaseClient._make_api_call  # type: ignore[attr-defined]

    def watched(client: Any, operation: str, params: Mapping[str, Any]) -> Any:
        for call in SERVICES[client.meta.service_model.signing_name](operation, params):
            note(call)
        return make(client, operation, params)

    with mock.patch.object(BaseClient, "_make_api_call", watched):
        yield
