"""What a stored result comes to."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from earshot.domain.verdict import Finding, TaskEnd
from earshot.vendors.port import Unreadable
from earshot.vendors.yidun.apart import apart
from earshot.vendors.yidun.describe import described
from earshot.vendors.yidun.evidence import verdicts
from earshot.vendors.yidun.keys import DESCRIPTIONS, block
from earshot.vendors.yidun.results import Antispam, Result
from earshot.vendors.yidun.review import reviewed
from earshot.vendors.yidun.times import Clock, clock

TOLD = ("asr", "language", "voice", "quality")
FAILED = 3
ENDED_BY_US = 1
NOT_PULLED = 0
"""Our code for an end of the vendor's making without a ``failureReason`` (those are 1 to 4)."""
MAX_SECONDS = 10**9


def read(body: bytes, options: Mapping[str, Any]) -> Sequence[Finding]:
    """Verdicts, then the end of the task, then descriptions; of ``options`` it looks at ``resultTimes``.

    One that cannot be read does not cost the others; but nothing makes up for a lost verdict, except another verdict
    or the end.
    """
    result, times = _parse(body), clock(options)
    judged = _judged(result.antispam, times) if result.antispam else []
    blocks = [(name, getattr(result, name)) for name in TOLD if getattr(result, name) is not None]
    try:
        return (*judged, *apart(partial(described, name, said, times) for name, said in blocks))
    except Unreadable:
        if not judged:
            raise
        return tuple(judged)


def _parse(body: bytes) -> Result:
    try:
        item = json.loads(body)
        if not isinstance(item, dict):
            raise Unreadable("body: is not a JSON object")
        antispam = block(item, "antispam")
        if antispam is None and not any(item.get(name) for name in DESCRIPTIONS):
            raise Unreadable(f"antispam, {', '.join(DESCRIPTIONS)}: every one of them is missing")
        return Result.model_validate({name: said for name, said in item.items() if said})
    except RecursionError:
        raise Unreadable("body: nested too deeply") from None
    except Unreadable:
        raise
    except ValueError:
        raise Unreadable("body: is not JSON") from None


def _judged(antispam: Antispam, times: Clock) -> Sequence[Finding]:
    if antispam.taskId is None:
        raise Unreadable("taskId: is missing or neither text nor a number")
    found = apart(partial(make, antispam, antispam.taskId, times) for make in (_machine, _person, _end))
    if not found:
        raise Unreadable("antispam: holds none of evidences, reviewEvidences, finishType, failureReason")
    return found


def _machine(antispam: Antispam, task_id: str, times: Clock) -> Sequence[Finding]:
    return verdicts(antispam.evidences, task_id, times) if antispam.evidences else ()


def _person(antispam: Antispam, task_id: str, times: Clock) -> Sequence[Finding]:
    review = antispam.reviewEvidences
    return (reviewed(review, task_id, antispam.censorSource, times),) if review else ()


def _end(antispam: Antispam, task_id: str, times: Clock) -> Sequence[Finding]:
    del times
    reason = antispam.failureReason
    has_failed = antispam.status == FAILED or (antispam.status is None and bool(reason))
    if antispam.finishType is None and not has_failed:
        return ()
    is_ordinary = antispam.finishType == ENDED_BY_US and not has_failed
    code = int(reason) if has_failed and reason and 0 < reason < MAX_SECONDS else NOT_PULLED
    seconds = antispam.duration
    known = seconds is not None and 0 <= seconds < MAX_SECONDS
    return (TaskEnd(task_id, None if is_ordinary else code, seconds if known else None),)
