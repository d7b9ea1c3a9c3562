"""What a test may look at: items, events, executions and their histories, log, dead letters."""

import json
import re
from collections.abc import Callable
from io import StringIO
from typing import TYPE_CHECKING, Any

from earshot.domain.watch import Task, Watch
from earshot.store.dynamo import keys
from earshot.store.dynamo.store import DynamoStore
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from tests.workflow import history
from tests.workflow.deployment import ACCOUNT, ENVIRONMENT, REGION, Definition
from tests.workflow.runtime import logged
from tests.workflow.wire import Doubles

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_stepfunctions import SFNClient

GENERATION = re.compile(r"-g[0-9]+$")
"""At the end of the name of a watch's further executions."""


class Looking:
    """Part of the bundle."""

    doubles: Doubles
    machine: Definition
    events: list[dict[str, Any]]
    output: StringIO
    store: DynamoStore
    sfn: "SFNClient"
    table_client: "DynamoDBClient"
    sqs: "SQSClient"
    wait: Callable[[Callable[[], bool], str], None]

    # executions

    def executions(self) -> list[dict[str, Any]]:
        """All of the machine, as they stand."""
        arn = ENVIRONMENT["STATE_MACHINE_ARN"]
        return [dict(e) for e in self.sfn.list_executions(stateMachineArn=arn)["executions"]]

    def is_quiet(self) -> bool:
        """Every execution is over or parked with nothing to react to."""
        driving = (GENERATION.sub("", e.name) for e in self._live() if e.status == "RUNNING")
        running = {keys.watch(name)["sk"]["S"] for name in driving}
        partitions = dynamodb_backends[ACCOUNT][REGION].tables["earshot"].items
        watches = [
            item.attrs
            for name in running
            for item in list(
                partitions.get(DynamoType(keys.watch(name.removeprefix("WATCH#"))["pk"]), {}).values()
            )
            if item.range_key.value == name
        ]
        parked = [watch for watch in watches if "task_token" in watch and "signal_id" not in watch]
        return len(parked) + self.waiting() == len(running)

    def waiting(self) -> int:
        """Executions in a Wait state, where that lasts (see ``timekeeping``)."""
        return 0

    def _live(self) -> list[Any]:
        """Executions as the interpreter has them: to poll over the API would cost more than the machine does."""
        backend = stepfunctions_parser_backends[ACCOUNT][REGION]
        return [execution for machine in backend.state_machines for execution in machine.executions]

    def wait_quiet(self) -> None:
        """Until every execution is over or parked."""
        self.wait(self.is_quiet, "quiet")

    def is_over(self) -> bool:
        """No execution runs."""
        return all(e.status != "RUNNING" for e in self._live())

    def wait_over(self, status: str = "SUCCEEDED") -> None:
        """Until every execution is over, and ended as said."""
        self.wait(self.is_over, "over")
        assert {e["name"]: e["status"] for e in self.executions() if e["status"] != status} == {}

    def histories(self) -> list[list[dict[str, Any]]]:
        """Every execution's events."""
        return [
            [dict(e) for e in self.sfn.get_execution_history(executionArn=x["executionArn"])["events"]]
            for x in self.executions()
        ]

    def edges(self) -> list[str]:
        """The edges that were taken."""
        return [edge for events in self.histories() for edge in history.taken(self.machine, events)]

    # facts

    def items(self, kind: str) -> list[dict[str, Any]]:
        """Items of the table as they are stored."""
        found = self.table_client.scan(TableName="earshot", ConsistentRead=True)["Items"]
        return [dict(item) for item in found if item.get("kind", {}).get("S") == kind]

    def watches(self) -> list[Watch]:
        """All watches."""
        return [self.store.watch(item["watch_id"]["S"]) for item in self.items("watch")]

    def watch(self) -> Watch:
        """The only watch."""
        (watch,) = self.watches()
        return watch

    def tasks(self) -> list[Task]:
        """The only watch's tasks, oldest first."""
        return self.store.tasks(self.watch().watch_id)

    def dead_letters(self) -> list[dict[str, Any]]:
        """What was dead-lettered."""
        url = ENVIRONMENT["DEAD_LETTER_QUEUE_URL"]
        answer = self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        return [json.loads(message["Body"]) for message in answer.get("Messages", [])]

    # what is told

    def told(self, kind: str) -> list[dict[str, Any]]:
        """Details of the events of one type, in order, each told once however often it was published."""
        found = {e["detail"]["event_id"]: e["detail"] for e in self.events if e["type"] == kind}
        return list(found.values())

    def story(self) -> list[str]:
        """The lifecycle as it was told, without its verdicts."""
        seen = {e["detail"]["event_id"]: e["type"] for e in self.events if e["type"] != "SegmentJudged"}
        return [kind.removeprefix("Moderation") for kind in seen.values()]

    def ended(self) -> dict[str, Any]:
        """The one ModerationEnded."""
        (detail,) = self.told("ModerationEnded")
        return detail

    def ledger(self) -> dict[str, Any]:
        """The ledger that was told."""
        found: dict[str, Any] = self.ended()["ledger"]
        return found

    def noted(self, code: str) -> list[dict[str, Any]]:
        """Log lines with a code."""
        return [line for line in logged(self.output) if line.get("code") == code]
