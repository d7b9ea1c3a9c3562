"""Bodies of callbacks: an invented shape, described in local/doubles/README.md."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import dataclass

from local.doubles.model import Json
from local.doubles.scenario import Line
from local.doubles.slices.outbox import Outbox
from local.doubles.slices.slice import Slice
from local.doubles.slices.task import Task
from local.doubles.yitu.settings import YituSettings

VERDICTS = {"PASS": "pass", "REVIEW": "review", "REJECT": "block"}
CERTAINTY = {"REVIEW": 0.6, "REJECT": 0.95}
# What the reseller's page says is detected; the names are invented. The scripts' ``risk_type`` is a Shumei number.
LABELS = {
    100: "political",
    110: "prohibited",
    200: "porn",
    210: "abuse",
    250: "moan",
    260: "political",
    300: "advert",
    600: "prohibited",
}


@dataclass
class Callbacks:
    """Says what was heard."""

    outbox: Outbox
    settings: YituSettings

    def heard(self, task: Task, slices: list[Slice], due: float) -> None:
        """Without ``returnAllText``: only what has a hit."""
        for one in slices:
            if task.body["data"].get("returnAllText") or one.level != "PASS":
                body = self._slice(task, one)
                self.outbox.add(task, Counter(segment=1), one.number, body, due)

    def ended(self, task: Task, due: float) -> None:
        """The end; whether Yitu tells it is not known."""
        if self.settings.end_event:
            self.outbox.add(task, Counter(end=1), None, _end(task), due)

    def _slice(self, task: Task, one: Slice) -> Json:
        body = _head(task, "segment") | {
            "segmentId": f"{task.id}_{one.number}",
            "start": task.milliseconds(one.starts),
            "end": task.milliseconds(one.ends),
            "verdict": VERDICTS[one.level],
            "labels": [_label(line) for line in one.hits],
            "text": one.text,
            "clip": self._clip(task, str(one.number)),
        }
        data = task.body["data"]
        if data.get("returnBeforeText"):
            body["beforeText"] = one.before if one.hits else ""
        if data.get("returnBeforeAudio"):
            body["beforeClip"] = self._clip(task, f"{one.number}-before") if one.hits else ""
        return body

    def _clip(self, task: Task, name: str) -> str:
        base = self.settings.media_base_url
        return f"{base}/{task.id}/{name}.mp3" if base else ""


def _label(line: Line) -> Json:
    score = CERTAINTY[line.risk_level] if line.score is None else line.score / 1000
    return {"label": LABELS.get(line.risk_type or 0, "other"), "score": score}


def _end(task: Task) -> Json:
    ended = task.started if task.ended is None else task.ended
    return _head(task, "end") | {
        "start": task.milliseconds(0.0),
        "end": task.milliseconds(ended - task.started),
        "reason": "closed" if task.reason == "finished" else "stream_ended",
        "duration": int(task.billed(ended)),
    }


def _head(task: Task, event: str) -> Json:
    known = {"event": event, "taskId": task.id, "audioId": task.key}
    return known | {"clientInfo": copy.deepcopy(task.body["clientInfo"])}
