"""Which executions run, and when one ended: Step Functions as the reaper sees it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from earshot.domain.orphans import Running
from earshot.errors import RetryLater

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient
    from mypy_boto3_stepfunctions.literals import ExecutionStatusType
    from mypy_boto3_stepfunctions.type_defs import ExecutionListItemTypeDef, ListExecutionsInputTypeDef

PAGE = 1_000
REST_S = 0.25
"""Between two pages: an account may ask for five a second."""
LOST: tuple[ExecutionStatusType, ...] = ("ABORTED", "TIMED_OUT", "FAILED")
MOST_PAGES = 3
"""Of each: the latest, whatever is older."""


class Executions:
    """See the module. ``rest`` waits seconds."""

    def __init__(self, client: SFNClient, state_machine_arn: str, rest: Callable[[float], None]) -> None:
        self._client, self._arn, self._rest = client, state_machine_arn, rest

    def running(self) -> Running:
        """Those that run, by names alone; a moment behind. Raises RetryLater."""
        return Running(one["name"] for page in self._pages("RUNNING") for one in page)

    def ended(self, names: Collection[str]) -> dict[str, int]:
        """When those of these names that did not come to their end stopped, epoch ms; as far as they are among the
        latest. Raises RetryLater."""
        found: dict[str, int] = {}
        for status in LOST:
            for page in islice(self._pages(status), MOST_PAGES):
                stopped = {one["name"]: one["stopDate"] for one in page if one["name"] in names}
                found |= {name: round(at.timestamp() * 1000) for name, at in stopped.items()}
                if len(found) == len(names):
                    return found
        return found

    def _pages(self, status: ExecutionStatusType) -> Iterator[list[ExecutionListItemTypeDef]]:
        asked: ListExecutionsInputTypeDef = {"stateMachineArn": self._arn, "maxResults": PAGE}
        asked["statusFilter"] = status
        while True:
            try:
                page = self._client.list_executions(**asked)
            except (ClientError, BotoCoreError) as error:
                raise RetryLater("executions_unknown", type(error).__name__) from None
            yield page["executions"]
            if "nextToken" not in page:
                return
            asked["nextToken"] = page["nextToken"]
            self._rest(REST_S)
