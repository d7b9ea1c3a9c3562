"""Hears what a deployed stack publishes: a queue behind a rule on its bus, as any consumer would have one."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

from local.stack import Stack

Event = dict[str, Any]


class Listener:
    """Every event of source ``earshot``, from now on, each at least once."""

    def __init__(self, stack: Stack) -> None:
        name = f"listener-{uuid.uuid4().hex[:8]}"
        self._sqs = stack.client("sqs")
        self._url = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        asked = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])
        events = stack.client("events")
        pattern = json.dumps({"source": ["earshot"]})
        events.put_rule(Name=name, EventBusName=stack.bus_name, EventPattern=pattern)
        target = {"Id": "queue", "Arn": asked["Attributes"]["QueueArn"]}
        events.put_targets(Rule=name, EventBusName=stack.bus_name, Targets=[target])

    def heard(self) -> Iterator[Event]:
        """What has come since the last time."""
        batch = {"QueueUrl": self._url, "MaxNumberOfMessages": 10}
        while messages := self._sqs.receive_message(**batch).get("Messages"):
            for message in messages:
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
                yield json.loads(message["Body"])


def open_or_close(stack: Stack, detail_type: str, detail: dict[str, Any]) -> None:
    """Send one room event, as a backend would."""
    entry = {
        "EventBusName": stack.bus_name,
        "Source": "earshot.rooms",
        "DetailType": detail_type,
        "Detail": json.dumps(detail, ensure_ascii=False),
    }
    answer = stack.client("events").put_events(Entries=[entry])
    if answer["FailedEntryCount"]:
        raise RuntimeError(f"the bus refused {detail_type}: {answer['Entries']}")
