"""What Yidun can be asked about a task (the vendor's SDKs; page 直播音视频解决方案 of audio queries for the limits).

For reconciliation: what was lost can be looked up, for seven days on the page of a sibling. Live audio is asked by
task and time, the live audio-video solution by task ids.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from earshot.errors import BadInput, OutcomeUnknown
from earshot.secrets import Keyring
from earshot.vendors.yidun import codes
from earshot.vendors.yidun.calls import Call, Calls, Model, calls, shaped
from earshot.vendors.yidun.query_answers import Detection, Extra, Recording, Reviews, WallTask, fitting

VERSION = "v1"
TIMEOUT_S = 10.0
"""The vendor's demos."""
MAX_BYTES = 16_000_000
LONGEST_SPAN_MS = 600_000
"""Of one question about detections (comment in the vendor's Java demo)."""


def windows(start: int, end: int) -> Iterator[tuple[int, int]]:
    """A span (epoch ms) in pieces that one question may be about."""
    for since in range(start, end, LONGEST_SPAN_MS):
        yield since, min(since + LONGEST_SPAN_MS, end)


class YidunQueries:
    """Each raises what :func:`earshot.vendors.yidun.codes.error_for` gives for the answer's code."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def detections(self, task_id: str, start: int, end: int) -> list[Detection]:
        """Sentences of a live audio task between two times (epoch ms), at most ten minutes apart."""
        if end - start > LONGEST_SPAN_MS:
            raise BadInput("endTime", f"must be at most {LONGEST_SPAN_MS} ms after startTime")
        return self._list(Detection, "/v1/liveaudio/query/task", _span(task_id, start, end))

    def reviews(self, task_id: str) -> Reviews:
        """What people did about a live audio task."""
        return self._one(Reviews, "/v1/liveaudio/query/monitor", {"taskId": task_id})

    def extra(self, task_id: str, start: int | None = None, end: int | None = None) -> Extra:
        """Transcripts and languages of a live audio task, of its whole life unless times (epoch ms) are given."""
        return self._one(Extra, "/v1/liveaudio/query/extra", _span(task_id, start, end))

    def recordings(self, task_id: str, start: int, end: int) -> list[Recording]:
        """Recorded pieces of a live audio task between two times (epoch ms)."""
        return self._list(Recording, "/v1/liveaudio/query/segment", _span(task_id, start, end))

    def wall_tasks(self, task_ids: Sequence[str]) -> list[WallTask]:
        """How tasks of the live audio-video solution stand."""
        listed = json.dumps(list(task_ids), separators=(",", ":"))
        return self._list(WallTask, "/v1/livewallsolution/query/task", {"taskIds": listed}, "livewall")

    def _list(
        self, model: type[Model], path: str, fields: dict[str, str], product: str = "liveaudio"
    ) -> list[Model]:
        result = self._result(path, fields, product)
        if result is None:
            return []
        if not isinstance(result, list):
            raise OutcomeUnknown("yidun_unreadable_answer", "result is not an array")
        return fitting(model, result)

    def _one(self, model: type[Model], path: str, fields: dict[str, str]) -> Model:
        found = shaped(model, self._result(path, fields, "liveaudio") or {})
        if found is None:
            raise OutcomeUnknown("yidun_unreadable_answer", "result is not the documented object")
        return found

    def _result(self, path: str, fields: dict[str, str], product: str) -> Any:
        reply = self._calls.make(Call(product, path, VERSION, fields, TIMEOUT_S, MAX_BYTES))
        if reply.code != codes.SUCCESS:
            raise codes.error_for(reply.code)
        return reply.result


def _span(task_id: str, start: int | None, end: int | None) -> dict[str, str]:
    times = {"startTime": start, "endTime": end}
    return {"taskId": task_id} | {name: str(at) for name, at in times.items() if at is not None}


def connect(base_url: Callable[[str], str], keyring: Keyring) -> YidunQueries:
    """The account's questions."""
    return YidunQueries(calls(base_url("YIDUN_BASE_URL"), keyring))
