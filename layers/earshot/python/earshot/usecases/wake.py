"""What is done with a parked state's token: handing it back, or saying that all is well."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from earshot.errors import RetryLater

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

SPENT = frozenset({"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"})
"""Ordinary answers: the state was woken before, or timed out and will look for itself."""


class Wake:
    """Ends the parking; ``beat`` lets it go on."""

    def __init__(self, client: "SFNClient") -> None:
        self._client = client

    def __call__(self, token: str) -> None:
        """Raises RetryLater if the delivery must be repeated."""
        _deliver(lambda: self._client.send_task_success(taskToken=token, output="{}"))

    def beat(self, token: str) -> None:
        """A sign of life: it writes no history. Raises RetryLater."""
        _deliver(lambda: self._client.send_task_heartbeat(taskToken=token))


def _deliver(call: Callable[[], object]) -> None:
    try:
        call()
    except ClientError as error:
        if error.response["Error"]["Code"] not in SPENT:
            raise RetryLater("not_woken", error.response["Error"]["Code"]) from None
    except BotoCoreError as error:
        raise RetryLater("not_woken", type(error).__name__) from None
