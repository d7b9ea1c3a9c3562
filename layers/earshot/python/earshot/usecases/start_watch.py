"""Start a watch's execution, once: the name is the watch's id."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from earshot.errors import RetryLater
from earshot.log_codes import LogCode
from earshot.store.dynamo import keys
from earshot.telemetry import note

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


class Starter(Protocol):
    """Starts the execution of a watch; ``begin`` is ``mint``, ``look`` where another left off, or ``finish`` for a
    late chore."""

    def __call__(
        self, watch_id: str, *, look_s: int, begin: str = "mint", suffix: str = "", generation: int = 0
    ) -> bool:
        """See :class:`StartWatch`."""


class StartWatch:
    """See the module."""

    def __init__(self, client: "SFNClient", state_machine_arn: str) -> None:
        self._client, self._arn = client, state_machine_arn

    def __call__(
        self, watch_id: str, *, look_s: int, begin: str = "mint", suffix: str = "", generation: int = 0
    ) -> bool:
        """False if it has been started before (a name stays taken for 90 days after its execution closed)."""
        # Who takes over parks at least once before it hands over: machines are deployed after the functions.
        round_ = -1 if begin == "look" else 0
        state = machine_state(watch_id, begin, look_s, generation=generation, round=round_)
        try:
            self._client.start_execution(
                stateMachineArn=self._arn,
                name=f"{watch_id}{suffix}",
                input=json.dumps(state),
            )
        except self._client.exceptions.ExecutionAlreadyExists:
            return False
        except ClientError as error:
            raise RetryLater("not_started", error.response["Error"]["Code"]) from None
        except BotoCoreError as error:
            raise RetryLater("not_started", type(error).__name__) from None
        note(LogCode.ES101, watch_id=watch_id, begin=begin)
        return True


def machine_state(watch_id: str, begin: str, look_s: int, **more: object) -> dict[str, object]:
    """All that the machine knows: the watch, where its item is, what is next, and no secret. It is made here, so that
    the machine itself needs no expressions.

    ``wait_s``: seconds before the next step. ``look_s``, ``beat_s``: how long it parks at most, and without a sign
    of life. ``release``: finish what is to be finished first. ``number``, ``vendor``: the credential and whom it is
    for. ``driver`` is ``generation`` in the table's spelling. ``slot``: when (epoch ms) the next step may go by its
    limit; 0: not known. ``generation``, ``round``: which execution this is, and how many decisions it has come to.
    """
    key = keys.watch(watch_id)
    state: dict[str, object] = {
        "watch_id": watch_id,
        "key": {"pk": key["pk"]["S"], "sk": key["sk"]["S"]},
        "driver": str(more.get("generation", 0)),
        "next": begin,
        "wait_s": 0,
        "look_s": look_s,
        "beat_s": look_s - 1,
        "release": False,
        "number": 0,
        "vendor": "",
        "slot": 0,
        "generation": 0,
        "round": 0,
        "error": {"Error": "", "Cause": ""},
    }
    unknown = more.keys() - state.keys()
    if unknown:
        raise TypeError(f"the machine knows no {', '.join(sorted(unknown))}")
    return state | more


def next_state(before: Mapping[str, Any], begin: str, look_s: int, **more: object) -> dict[str, object]:
    """The state of the same execution's next step."""
    which = {name: before.get(name, 0) for name in ("generation", "round")}
    return machine_state(str(before["watch_id"]), begin, look_s, **{**which, **more})
