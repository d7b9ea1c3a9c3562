"""Stops: up to a hundred tasks of one product in one call, each answered for itself (page of the live audio-video
solution's stops; those of live audio are the same in the vendor's SDK)."""

import json
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from earshot.errors import AlreadyDone, EarshotError, RetryLater
from earshot.vendors.port import Ending
from earshot.vendors.yidun import codes
from earshot.vendors.yidun.calls import Call, Reply, shaped

PATHS = {
    "liveaudio": ("/v1/liveaudio/feedback", "feedbacks"),
    "livewall": ("/v1/livewallsolution/feedback", "realTimeInfoList"),
}
"""And the parameter."""
VERSION = "v1"
TIMEOUT_S = 3.0
"""Suggested by the page; a call takes about a second."""
STOP = 100
"""``status`` of a task that is to end."""
DONE, FAILED, UNKNOWN_TASK = 0, 1, 2


class _Stopped(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True, str_strip_whitespace=True)

    taskId: str
    result: int


def stop(product: str, endings: Sequence[Ending]) -> Call:
    """The call that ends them."""
    path, parameter = PATHS[product]
    tasks = dict.fromkeys(ending.vendor_task_id for ending in endings)
    listed = [{"taskId": task_id, "status": STOP} for task_id in tasks]
    return Call(product, path, VERSION, {parameter: json.dumps(listed, separators=(",", ":"))}, TIMEOUT_S)


def outcomes(reply: Reply, endings: Sequence[Ending]) -> list[EarshotError | None]:
    """For each, None if it has ended. Whatever else is wrong, it is to be repeated: the vendor bills until then."""
    if reply.code != codes.SUCCESS:
        raise RetryLater(f"yidun_{reply.code}", codes.meaning(reply.code))
    results = _by_task(reply.result)
    return [_outcome(ending, results.get(ending.vendor_task_id)) for ending in endings]


def _by_task(result: Any) -> dict[str, int]:
    """An element of another shape is one that is missing."""
    found = [shaped(_Stopped, item) for item in result] if isinstance(result, list) else []
    return {stopped.taskId: stopped.result for stopped in found if stopped}


def _outcome(ending: Ending, result: int | None) -> EarshotError | None:
    if result == DONE:
        return None
    if result == UNKNOWN_TASK and ending.known_ended:
        return AlreadyDone("yidun_no_such_task", "no such task")
    if result is None:
        return RetryLater("yidun_stop_unanswered", "the answer does not name the task")
    if result == UNKNOWN_TASK:
        return RetryLater("yidun_no_such_task", "the vendor does not know the task")
    if result == FAILED:
        return RetryLater("yidun_stop_failed", "the vendor could not stop the task")
    return codes.undocumented("yidun_stop_result", result)
