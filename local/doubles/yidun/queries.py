"""Queries about one task (Yidun's demos and SDKs)."""

from __future__ import annotations

from collections.abc import Iterator

from local.doubles.model import Json
from local.doubles.yidun.call import Call
from local.doubles.yidun.codes import BAD, EXPIRED, FOUND, UNKNOWN, WALL, Refusal
from local.doubles.yidun.evidence import (
    SUGGESTIONS,
    clip,
    label_of,
    language,
    milliseconds,
    speaker,
    speech_times,
)
from local.doubles.yidun.outbox import Outbox
from local.doubles.yidun.runner import Runner
from local.doubles.yidun.settings import YidunSettings
from local.doubles.yidun.task import Sentence, Task

RECOGNISED, MACHINE = 3, 2
DETECTING, DONE, FAILED = 1, 2, 3
NOT_NEEDED, PENDING, TOLD, NOT_TOLD = 0, 1, 2, 3


class Queries:
    """Answers from the books of tasks."""

    def __init__(self, runner: Runner, outbox: Outbox, settings: YidunSettings) -> None:
        self._runner, self._outbox, self._settings = runner, outbox, settings

    def sentences(self, call: Call) -> list[Json]:
        """``query/task`` of live audio, ``query/audio/task`` of the solution."""
        return [self._sentence(*found) for found in self._spoken(call)]

    def segments(self, call: Call) -> list[Json]:
        """``query/segment``."""
        s = self._settings
        return [
            {"beginTime": milliseconds(task, one.starts, s), "endTime": milliseconds(task, one.ends, s)}
            | clip(task, one.segment_id, s)
            | speaker(task, one)
            for task, one in self._spoken(call)
        ]

    def extra(self, call: Call) -> Json:
        """``query/extra``: only what the account has."""
        if call.form.get("startTime") or call.form.get("endTime"):
            found = list(self._spoken(call))
        else:
            task, _ = self._task(call, call.text("taskId"))
            found = [(task, one) for one in task.sentences] if task else []
        s = self._settings
        heads = [{"taskId": task.id} | speech_times(task, one, s) | speaker(task, one) for task, one in found]
        said = {
            "asr": [one.line.text for _, one in found],
            "language": [language(task) for task, _ in found],
        }
        return {
            name: [
                head | {"content": text} for head, text in zip(heads, texts, strict=True) if s.blocks[name]
            ]
            for name, texts in said.items()
        }

    def monitor(self, call: Call) -> Json:
        """Human actions; those of the solution are kept longer."""
        task, status = self._task(call, call.text("taskId"), reviews=True)
        reviews = [review for _, review in task.reviews] if task else []
        if call.owner.product == WALL:
            names, where = ("action", "label", "actionTime", "detail"), "records"
        else:
            names, where = ("action", "actionTime", "spamType", "spamDetail"), "monitors"
        return {"status": status, where: [_only(review, names) for review in reviews]}

    def tasks(self, call: Call) -> list[Json]:
        """``query/task`` of the solution. That 20 and 30 stand in both fields is [?]."""
        return [self._state(call, str(task_id)) for task_id in call.array("taskIds")]

    def _state(self, call: Call, task_id: str) -> Json:
        task, status = self._task(call, task_id)
        if task is None:
            return {"taskId": task_id, "status": status, "expireStatus": status}
        state = DETECTING if task.running else DONE if task.failure is None else FAILED
        return {
            "taskId": task.id,
            "callback": task.form.get("callback", ""),
            "status": state,
            "callbackStatus": self._told(task),
            "expireStatus": FOUND,
        }

    def _told(self, task: Task) -> int:
        if not task.callback_url:
            return NOT_NEEDED
        if task.running or self._outbox.open_of(task) or not task.counts["end_pushed"]:
            return PENDING
        return NOT_TOLD if task.counts["end_given_up"] else TOLD

    def _task(self, call: Call, task_id: str, reviews: bool = False) -> tuple[Task | None, int]:
        """The task, or why there is none to be seen: 20 too old, 30 unknown."""
        task = self._runner.of(call.owner, task_id)
        if task is None:
            return None, UNKNOWN
        wall = reviews and task.wall_product
        limit = self._settings.wall_review_retention if wall else self._settings.retention
        old = task.ended is not None and call.now.scaled - task.ended > limit
        return (None, EXPIRED) if old else (task, FOUND)

    def _spoken(self, call: Call) -> Iterator[tuple[Task, Sentence]]:
        """Sentences that begin in a span; nothing for an unknown task [I]."""
        task_id = call.text("taskId")
        begin, end = call.milliseconds("startTime"), call.milliseconds("endTime")
        if not begin <= end <= begin + self._settings.query_span * 1000:
            raise Refusal(BAD, "endTime", f"at most {self._settings.query_span} s after startTime")
        task, _ = self._task(call, task_id)
        if task is not None:
            for sentence in task.sentences:
                if begin <= round((task.wall + sentence.starts) * 1000) <= end:
                    yield task, sentence

    def _sentence(self, task: Task, sentence: Sentence) -> Json:
        line, label = sentence.line, label_of(sentence.line)
        hits = [{"label": label, "level": SUGGESTIONS[line.risk_level], "evidence": line.matched_item or ""}]
        mine = [review for segment_id, review in task.reviews if segment_id == sentence.segment_id]
        return {
            "taskId": task.id,
            "action": SUGGESTIONS[line.risk_level],
            "asrStatus": RECOGNISED,
            "callback": task.form.get("callback", ""),
            **speech_times(task, sentence, self._settings),
            "censorSource": MACHINE,
            **speaker(task, sentence),
            "segmentId": sentence.segment_id,
            "content": line.text,
            "segments": hits if label else [],
            "records": mine,
        }


def _only(review: Json, names: tuple[str, ...]) -> Json:
    return {name: review[name] for name in names if name in review}
