"""Redrive failed executions: each goes on at the state that failed, with what it knew.

``make redrive [WATCH=<id>]``. Those of watches that are not over, and that nobody has restarted meanwhile: the reaper
restarts a watch within a minute, so what is left are those that it could not help.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError
from earshot.domain.orphans import execution_name
from earshot.domain.watch import Watch
from earshot.errors import EarshotError
from earshot.store.port import Missing

from operations.stack import NoStack, arguments, find

DAYS = 14
"""Step Functions redrives what ended within so many."""
STATUSES = ("FAILED", "TIMED_OUT", "ABORTED")
NAME = re.compile(r"(?P<watch_id>[a-z2-7]{26}-[a-z]+(?:-[a-z2-7]{16})?)(?:-g[0-9]+)?")
"""Of an execution that drives a watch. Others finish what a watch left, and are started again by themselves."""


class Watches(Protocol):
    """What the command needs of the store."""

    def watch(self, watch_id: str) -> Watch:
        """See :class:`earshot.store.port.Lifecycle`."""


@dataclass(frozen=True)
class Outcome:
    """What became of one execution; ``problem``: why it was not redriven."""

    name: str
    problem: str | None = None
    failed: bool = False


@dataclass(frozen=True)
class Redrive:
    """See the module. ``client`` is one of Step Functions, ``now`` in seconds since 1970."""

    client: Any
    state_machine_arn: str
    store: Watches
    now: float

    def __call__(self, watch_id: str | None = None) -> Iterator[Outcome]:
        """One outcome for each execution that failed in time, of all watches or of one."""
        for execution in self._failed():
            match = NAME.fullmatch(execution["name"])
            if match is None or (watch_id is not None and match["watch_id"] != watch_id):
                continue
            yield self._redrive(execution, match["watch_id"])

    def _failed(self) -> Iterator[Mapping[str, Any]]:
        since = self.now - DAYS * 86_400
        pages = self.client.get_paginator("list_executions")
        for status in STATUSES:
            for page in pages.paginate(stateMachineArn=self.state_machine_arn, statusFilter=status):
                yield from (one for one in page["executions"] if one["stopDate"].timestamp() > since)

    def _redrive(self, execution: Mapping[str, Any], watch_id: str) -> Outcome:
        name: str = execution["name"]
        problem = self._problem(name, watch_id)
        if problem is not None:
            return Outcome(name, problem)
        try:
            self.client.redrive_execution(executionArn=execution["executionArn"])
        except ClientError as error:
            return Outcome(name, error.response["Error"].get("Message", "refused"), failed=True)
        return Outcome(name)

    def _problem(self, name: str, watch_id: str) -> str | None:
        try:
            watch = self.store.watch(watch_id)
        except Missing:
            return "the table does not know its watch"
        if watch.is_over:
            return f"its watch is over ({watch.reason or 'unknown'})"
        owner = execution_name(watch)
        return None if owner == name else f"its watch is driven by {owner}"


def main(given: Sequence[str] | None = None) -> int:
    """1 if one was refused, or nothing could be done at all."""
    parser = arguments("Redrive failed executions whose watch is not over.")
    parser.add_argument("--watch", default="", help="only those of this watch")
    wanted = parser.parse_args(given)
    refused = many = 0
    try:
        stack = find(wanted.stack, wanted.env)
        redrive = Redrive(stack.client("stepfunctions"), stack.state_machine_arn, stack.store(), time.time())
        for outcome in redrive(wanted.watch or None):
            print(
                f"left     {outcome.name}: {outcome.problem}"
                if outcome.problem
                else f"redriven {outcome.name}"
            )
            many += outcome.problem is None
            refused += outcome.failed
    except (NoStack, EarshotError, ClientError, BotoCoreError) as problem:
        print(f"not redriven: {problem}", file=sys.stderr)
        return 1
    print(f"{stack.name}: {many} redriven, {refused} refused")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
