"""Start a watch's execution, once: the name is the watch's id."""

import json
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from earshot.errors import RetryLater
from earshot.log_codes import LogCode
from earshot.store.dynamo import keys
from earshot.telemetry import note

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


class Starter(Protocol):
    """Starts the execution of a watch; ``begin`` is ``mint`` or, for a late chore, ``finish``."""

    def __call__(self, watch_id: str, *, look_s: int, begin: str = "mint", suffix: str = "") -> bool:
        """See :class:`StartWatch`."""


class StartWatch:
    """See the module."""

    def __init__(self, client: "SFNClient", state_machine_arn: str) -> None:
        self._client, self._arn = client, state_machine_arn

    def __call__(self, watch_id: str, *, look_s: int, begin: str = "mint", suffix: str = "") -> bool:
        """False if it has been started before (a name stays taken for 90 days after its execution closed)."""
        try:
            self._client.start_execution(
                stateMachineArn=self._arn,
                name=f"{watch_id}{suffix}",
                input=json.dumps(machine_state(watch_id, begin, look_s)),
            )
        except self._client.exceptions.ExecutionAlreadyExists:
            return False
        except ClientError as error:
            raise RetryLater("not_started", error.response["Error"]["Code"]) from None
        except BotoCoreError as error:
            raise RetryLater("not_started", type(error).__name__) from None
        note(LogCode.ES101, watch_id=watch_id, begin=begin)
        return True


def machine_state(
    watch_id: str, begin: str, look_s: int, *, wait_s: int = 0, release: bool = False
) -> dict[str, object]:
    """All that the machine knows: the watch, where its item is, what is next, and no secret. It is made here, so that
    the machine itself needs no expressions."""
    key = keys.watch(watch_id)
    return {
        "watch_id": watch_id,
        "key": {"pk": key["pk"]["S"], "sk": key["sk"]["S"]},
        "next": begin,
        "wait_s": wait_s,
        "look_s": look_s,
        "release": release,
        "number": 0,
        "error": {"Error": "", "Cause": ""},
    }
