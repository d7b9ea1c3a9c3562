"""AWS as the handlers' own wiring sees it: one small client for each service, with the methods that are used.

Whatever else is called ends the run: a call that is not played would otherwise look like an error of the bundle.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError
from earshot.errors import RetryLater

from tests.chaos.execution import Execution
from tests.chaos.lambdas import Lambdas
from tests.chaos.machine import Failure, Machine, Spent, Taken
from tests.chaos.paths import Unplayed
from tests.chaos.table import Table
from tests.workflow.wire import DAWN

Answer = dict[str, Any]
TABLE_S = (0.002, 0.012)
CALL_S = (0.008, 0.05)


def client_error(code: str, operation: str) -> ClientError:
    """As an SDK raises it."""
    return ClientError({"Error": {"Code": code, "Message": code}}, operation)


def named(error: type[ClientError], operation: str) -> ClientError:
    """An error that has a class of its own."""
    return error({"Error": {"Code": error.__name__, "Message": error.__name__}}, operation)


class ExecutionAlreadyExists(ClientError):
    """See StartExecution."""


class ResourceNotFoundException(ClientError):
    """See GetSecretValue."""


class _Exceptions:
    ExecutionAlreadyExists = ExecutionAlreadyExists
    ResourceNotFoundException = ResourceNotFoundException


class Client:
    """What all have."""

    service = ""
    exceptions = _Exceptions

    def __init__(self, lambdas: Lambdas) -> None:
        self._lambdas = lambdas

    def __getattr__(self, name: str) -> Any:
        raise Unplayed(f"{self.service}.{name}")

    def _call(self, operation: str, act: Callable[[], Answer]) -> Answer:
        def done() -> Answer:
            book, loop = self._lambdas.book, self._lambdas.loop
            if book.refuses(self.service, loop.second):
                raise client_error("ThrottlingException", operation)
            return act()

        return self._lambdas.effect(done, *CALL_S)


class StepFunctions(Client):
    """Executions and tokens of the machine."""

    service = "states"

    def __init__(self, lambdas: Lambdas, machine: Machine) -> None:
        super().__init__(lambdas)
        self._machine = machine

    def start_execution(self, **asked: str) -> Answer:
        """Once for each name."""

        def act() -> Answer:
            try:
                self._machine.start(asked["name"], asked["input"])
            except Taken:
                raise named(ExecutionAlreadyExists, "StartExecution") from None
            return {"executionArn": f"{asked['stateMachineArn']}:{asked['name']}"}

        return self._call("StartExecution", act)

    def send_task_success(self, **asked: str) -> Answer:
        """Wake a parked state."""
        output = json.loads(asked["output"])
        return self._hand("SendTaskSuccess", lambda: self._machine.wake(asked["taskToken"], output))

    def send_task_heartbeat(self, **asked: str) -> Answer:
        """A parked state's sign of life."""
        return self._hand("SendTaskHeartbeat", lambda: self._machine.beat(asked["taskToken"]))

    def list_executions(self, **asked: Any) -> Answer:
        """One page of those that have a status, the latest first; ``nextToken`` is where the next begins."""

        def act() -> Answer:
            wanted = asked["statusFilter"]
            found = [one for one in reversed(self._machine.executions.values()) if one.status == wanted]
            start, size = int(asked.get("nextToken", "0")), int(asked["maxResults"])
            page = [_listed(one) for one in found[start : start + size]]
            more = {"nextToken": str(start + size)} if len(found) > start + size else {}
            return {"executions": page, **more}

        return self._call("ListExecutions", act)

    def _hand(self, operation: str, act: Callable[[], None]) -> Answer:
        def done() -> Answer:
            try:
                act()
            except Spent:
                raise client_error("TaskTimedOut", operation) from None
            return {}

        return self._call(operation, done)


def _listed(one: Execution) -> Answer:
    ended = {} if one.ended is None else {"stopDate": datetime.fromtimestamp(DAWN + one.ended, UTC)}
    started = datetime.fromtimestamp(DAWN + one.started, UTC)
    return {"name": one.name, "status": one.status, "startDate": started, **ended}


class Events(Client):
    """The bus."""

    service = "events"

    def __init__(self, lambdas: Lambdas, take: Callable[[dict[str, Any]], None]) -> None:
        super().__init__(lambdas)
        self._take = take

    def put_events(self, **asked: list[dict[str, Any]]) -> Answer:
        """Entries may be refused one by one."""

        def act() -> Answer:
            answers = [self._put(entry) for entry in asked["Entries"]]
            return {"FailedEntryCount": sum("ErrorCode" in one for one in answers), "Entries": answers}

        return self._call("PutEvents", act)

    def _put(self, entry: dict[str, Any]) -> Answer:
        if self._lambdas.book.refuses("entry", self._lambdas.loop.second):
            return {"ErrorCode": "InternalFailure"}
        detail = json.loads(entry["Detail"])
        self._take({"source": entry["Source"], "detail-type": entry["DetailType"], "detail": detail})
        return {"EventId": "given"}


class Sqs(Client):
    """The dead-letter queue."""

    service = "sqs"

    def __init__(self, lambdas: Lambdas, letters: list[dict[str, Any]]) -> None:
        super().__init__(lambdas)
        self._letters = letters

    def send_message(self, **asked: str) -> Answer:
        """One more letter."""

        def act() -> Answer:
            self._letters.append(json.loads(asked["MessageBody"]))
            return {"MessageId": str(len(self._letters))}

        return self._call("SendMessage", act)


class SecretsManager(Client):
    """Secrets by name, as text; none has a version before."""

    service = "secretsmanager"

    def __init__(self, lambdas: Lambdas, secrets: Mapping[str, str]) -> None:
        super().__init__(lambdas)
        self._secrets = secrets

    def get_secret_value(self, **asked: str) -> Answer:
        """Its current version."""

        def act() -> Answer:
            if asked["VersionStage"] != "AWSCURRENT":
                raise named(ResourceNotFoundException, "GetSecretValue")
            return {"SecretString": self._secrets[asked["SecretId"]]}

        return self._call("GetSecretValue", act)


class Ssm(Client):
    """The plan."""

    service = "ssm"

    def __init__(self, lambdas: Lambdas, parameters: Mapping[str, str]) -> None:
        super().__init__(lambdas)
        self._parameters = parameters

    def get_parameter(self, **asked: str) -> Answer:
        """Its text."""
        return self._call("GetParameter", lambda: {"Parameter": {"Value": self._parameters[asked["Name"]]}})


class Store:
    """The table as a handler has it: the twin's methods, each an effect that takes its time, and may be refused."""

    def __init__(self, lambdas: Lambdas, table: Table) -> None:
        self._lambdas, self._table = lambdas, table

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not hasattr(self._table, name):
            raise Unplayed(f"store.{name}")
        method = getattr(self._table, name)

        def call(*args: Any, **named: Any) -> Any:
            return self._lambdas.effect(lambda: self._do(name, method, args, named), *TABLE_S)

        call.__name__ = name
        self.__dict__[name] = call
        return call

    def put_segments(self, segments: Any) -> int:
        """Several writes, any of which may be the last one."""
        return sum(self.put_segment(segment) for segment in segments)

    def _do(self, name: str, method: Any, args: Any, named: Any) -> Any:
        if self._lambdas.book.refuses("dynamodb", self._lambdas.loop.second):
            raise RetryLater("table_busy", "ProvisionedThroughputExceededException")
        try:
            return method(*args, **named)
        finally:
            self._table.tell(name)


class Tasks:
    """What the machine's own tasks arrive at."""

    def __init__(self, lambdas: Lambdas, table: Table) -> None:
        self._lambdas, self._table = lambdas, table

    def call(self, function: str, payload: Any, done: Callable[[Any], None]) -> None:
        """A function, with its payload as JSON makes it."""

        def answered(answer: Any) -> None:
            done(answer if isinstance(answer, Failure) else json.loads(json.dumps(answer)))

        self._lambdas.invoke(function, json.loads(json.dumps(payload)), answered)

    def update(self, request: Mapping[str, Any], done: Callable[[Any], None]) -> None:
        """The parked state's write: there, done, and back."""
        loop, luck = self._lambdas.loop, self._lambdas.luck

        def arrive() -> None:
            if self._lambdas.book.refuses("dynamodb", loop.second):
                answer: Any = Failure("DynamoDb.ProvisionedThroughputExceededException", "busy")
            elif self._table.update_item(request):
                answer = {}
            else:
                answer = Failure("DynamoDb.ConditionalCheckFailedException", "the condition failed")
            loop.after(luck.uniform(0.01, 0.05), lambda: done(answer))

        loop.after(luck.uniform(0.01, 0.05), arrive)
