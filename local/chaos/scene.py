"""A deployed stack on which things happen: its clock, its doubles, its bus, and the runs that come every minute."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import botocore.exceptions

from local.double_admin import DoubleAdmin
from local.doubles.wiring import NAMES
from local.listener import Listener
from local.stack import Stack

Json = dict[str, Any]
AT_ONCE = 10  # events in one call to the bus
PLATFORMS = ("zego", "agora", "volcengine")


class Scene:
    """Seconds are of the scaled clock, since its beginning (``Stack.one_clock``): functions, doubles, machine and
    this program agree on it."""

    def __init__(self, stack: Stack) -> None:
        if stack.one_clock is None:
            raise ValueError("this stack has several clocks")
        self.stack, self.origin, self.scale = stack, stack.one_clock, stack.time_scale
        self.doubles = {name: DoubleAdmin(stack.doubles[name]) for name in NAMES}
        self.events: list[Json] = []
        self._bus, self._lambda = stack.client("events"), stack.client("lambda")
        self._sfn, self._listener = stack.client("stepfunctions"), Listener(stack)
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._listen), *self._minutes()]

    def __enter__(self) -> Scene:
        for thread in self._threads:
            thread.daemon = True
            thread.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(timeout=20)

    @property
    def now(self) -> float:
        return (time.time() - self.origin) * self.scale

    def iso(self, second: float) -> str:
        moment = datetime.fromtimestamp(self.origin + second, UTC)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def rest_until(self, second: float) -> None:
        """Until then, or not at all if it is past."""
        time.sleep(max(0.0, (second - self.now) / self.scale))

    def eventually(self, look: Callable[[], bool], real_seconds: float, every: float = 0.25) -> bool:
        """Whether it came to be in this many real seconds."""
        deadline = time.monotonic() + real_seconds
        while not (found := look()) and time.monotonic() < deadline:
            time.sleep(every)
        return found

    def say(self, told: Iterable[tuple[str, Json]]) -> None:
        """Send room events: detail-type and detail."""
        entries = [
            {
                "EventBusName": self.stack.bus_name,
                "Source": "earshot.rooms",
                "DetailType": kind,
                "Detail": json.dumps(detail),
            }
            for kind, detail in told
        ]
        for start in range(0, len(entries), AT_ONCE):
            answer = self._bus.put_events(Entries=entries[start : start + AT_ONCE])
            if answer["FailedEntryCount"]:
                raise RuntimeError(f"the bus refused {answer['Entries']}")

    def executions(self, status: str | None = None) -> list[Json]:
        """The machine's."""
        more = {"statusFilter": status} if status else {}
        pages = self._sfn.get_paginator("list_executions").paginate(
            stateMachineArn=self.stack.state_machine_arn, **more
        )
        return [one for page in pages for one in page["executions"]]

    def history(self, arn: str) -> list[Json]:
        """What an execution has gone through."""
        pages = self._sfn.get_paginator("get_execution_history").paginate(executionArn=arn)
        return [event for page in pages for event in page["events"]]

    def tasks(self, double: str) -> list[Json]:
        """A vendor's tasks, by its double's books."""
        return list(self.doubles[double].get("state")["tasks"])

    def _listen(self) -> None:
        while not self._over.is_set():
            for event in self._listener.heard():
                self.events.append(event | {"second": self.now})
            self._over.wait(0.2)

    def _minutes(self) -> list[threading.Thread]:
        """One for every function that a schedule calls, for the emulator's own minutes are real."""
        rules = self._bus.list_rules()["Rules"]
        names = [rule["Name"] for rule in rules if rule.get("ScheduleExpression")]
        targets = [self._bus.list_targets_by_rule(Rule=name)["Targets"] for name in names]
        return [
            threading.Thread(target=self._every_minute, args=(one["Arn"], self.stack.client("lambda")))
            for several in targets
            for one in several
        ]

    def _every_minute(self, function: str, client: Any) -> None:
        while not self._over.is_set():
            begun = self.now
            try:
                client.invoke(FunctionName=function, Payload=b"{}")
            except botocore.exceptions.BotoCoreError:
                continue  # its process was killed, perhaps; a schedule would call again in a minute too
            self._over.wait(max(0.05, (begun + 60 - self.now) / self.scale))
