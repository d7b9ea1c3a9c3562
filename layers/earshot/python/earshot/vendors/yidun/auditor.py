"""What Yidun tells of a live audio task when it is asked, in the shape of what it would have pushed.

The live audio-video solution has no query by which its sentences could be told from a lost push: of its tasks
nothing is fetched, and whether they still run is not known.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from earshot.secrets import Keyring
from earshot.vendors.yidun import queries
from earshot.vendors.yidun.queries import YidunQueries, windows
from earshot.vendors.yidun.query_answers import Detection, Review, Said

ASKED = {None, "liveaudio"}
"""A task whose acceptance was never seen has no endpoint; it is asked about as the product that most are of."""


class YidunAuditor:
    """See :class:`earshot.vendors.port.Auditor`."""

    def __init__(self, ask: YidunQueries, pace: Callable[[], None]) -> None:
        self._ask, self._pace = ask, pace

    def still_runs(self, vendor_task_id: str, endpoint: str | None, since: int, now: int) -> bool | None:
        """No query tells the state of a live audio task: one that has recorded or judged something since, runs."""
        if endpoint not in ASKED:
            return None
        for start, end in windows(since, now):
            self._pace()
            recorded = self._ask.recordings(vendor_task_id, start, end)
            if any(piece.beginTime is not None and piece.beginTime >= since for piece in recorded):
                return True
            self._pace()
            judged = self._ask.detections(vendor_task_id, start, end)
            if any(sentence.startTime is not None and sentence.startTime >= since for sentence in judged):
                return True
        return False

    def results(
        self, vendor_task_id: str, endpoint: str | None, start: int, end: int, options: Mapping[str, Any]
    ) -> Iterator[bytes]:
        """Sentences, what people did about them, and what was said. Queries know epoch times only: where results are
        pushed with times of the stream, nothing would tell that it is known."""
        if endpoint not in ASKED or options.get("resultTimes") == "stream":
            return
        for since, until in windows(start, end):
            self._pace()
            for sentence in self._ask.detections(vendor_task_id, since, until):
                if sentence.action is not None:
                    yield _encoded({"antispam": _judged(vendor_task_id, sentence)})
        self._pace()
        for review in self._ask.reviews(vendor_task_id).monitors:
            yield _encoded({"antispam": _reviewed(vendor_task_id, review)})
        self._pace()
        extra = self._ask.extra(vendor_task_id, start, end)  # noqa: S610 - no database
        for block, said in (("asr", extra.asr), ("language", extra.language)):
            yield from (_encoded({block: _said(vendor_task_id, one)}) for one in said)


def _judged(task_id: str, sentence: Detection) -> dict[str, Any]:
    """``action`` of the queries is ``suggestion`` of the results: 0 pass, 1 suspect, 2 block."""
    labels = [{"label": hit.label, "level": hit.level} for hit in sentence.segments]
    evidences = {
        "suggestion": sentence.action,
        "startTime": sentence.startTime,
        "endTime": sentence.endTime,
        "content": sentence.content,
        "speakerId": sentence.speakerId,
        "segmentId": sentence.segmentId,
        "labels": labels,
    }
    return {"taskId": task_id, "censorSource": sentence.censorSource, "evidences": evidences}


def _reviewed(task_id: str, review: Review) -> dict[str, Any]:
    done = review.model_dump(include={"action", "actionTime", "spamType", "spamDetail"})
    return {"taskId": task_id, "censorSource": 0, "reviewEvidences": done}


def _said(task_id: str, said: Said) -> dict[str, Any]:
    words = said.model_dump(include={"startTime", "endTime", "content", "speakerId"})
    return {"taskId": task_id, **words}


def _encoded(item: dict[str, Any]) -> bytes:
    return json.dumps(item, ensure_ascii=False).encode("utf-8", "replace")


def connect(base_url: Callable[[str], str], keyring: Keyring, pace: Callable[[], None]) -> YidunAuditor:
    """The registry's way in."""
    return YidunAuditor(queries.connect(base_url, keyring), pace)
