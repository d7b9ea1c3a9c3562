"""Events and their batches (docs/lyrebird-api.md, "Callbacks")."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from local.doubles.agenda import Agenda
from local.doubles.lyrebird.codes import CONFIDENCE, VERDICTS, class_of, end_code
from local.doubles.lyrebird.settings import LyrebirdSettings
from local.doubles.model import Json
from local.doubles.scenario import Line
from local.doubles.slices.outbox import Outbox
from local.doubles.slices.slice import Slice
from local.doubles.slices.task import Task

LARGEST = 10
KINDS = {"slice": "segment", "ended": "end"}


@dataclass
class Batches:
    """Gathers the events of each stream and posts at most ten of them at a time."""

    agenda: Agenda
    outbox: Outbox
    settings: LyrebirdSettings
    _waiting: dict[str, list[Json]] = field(default_factory=dict)

    def heard(self, task: Task, slices: list[Slice], due: float) -> None:
        """Post what was heard; only the hits, if no more was asked for."""
        everything = task.body.get("mode", "hits") == "all"
        for index, one in enumerate(slices):
            if everything or one.level != "PASS":
                self._add(task, _slice(task, one, index, self.settings), due)

    def ended(self, task: Task, due: float) -> None:
        """Post the end."""
        self._add(task, _ended(task), due)

    def _add(self, task: Task, event: Json, due: float) -> None:
        waiting = self._waiting.setdefault(task.id, [])
        waiting.append(event)
        if len(waiting) == 1:
            self.agenda.at(due + self.settings.gather_seconds, lambda at, _: self._post(task, waiting, at))
        if len(waiting) == LARGEST:
            self._post(task, waiting, due)

    def _post(self, task: Task, events: list[Json], at: float) -> None:
        if self._waiting.get(task.id) is not events:
            return  # these went when they were ten
        del self._waiting[task.id]
        kinds = Counter(KINDS[event["kind"]] for event in events)
        number = None if events[0]["kind"] == "ended" else int(events[0]["event_id"].split("-")[1])
        self.outbox.add(task, kinds, number, {"account": task.owner, "events": events}, at)


def _slice(task: Task, one: Slice, index: int, settings: LyrebirdSettings) -> Json:
    name = f"{task.id}-{one.number}-{index}"
    return _head(task, "slice", name) | {
        "from_ms": task.milliseconds(one.starts),
        "to_ms": task.milliseconds(one.ends),
        "verdict": VERDICTS[one.level],
        "hits": [_hit(line) for line in one.hits],
        "user": one.user,
        "text": one.text,
        "clip": f"{settings.media_base_url}/{name}.mp3" if settings.media_base_url else "",
        "note": task.body.get("note", ""),
    }


def _hit(line: Line) -> Json:
    confidence = CONFIDENCE[line.risk_level] if line.score is None else min(100, round(line.score / 10))
    words = [line.matched_item] if line.matched_item else []
    return {"class": class_of(line.risk_type), "confidence": confidence, "words": words}


def _ended(task: Task) -> Json:
    ended = task.started if task.ended is None else task.ended
    return _head(task, "ended", f"{task.id}-end") | {
        "from_ms": task.milliseconds(0.0),
        "to_ms": task.milliseconds(ended - task.started),
        "end_code": end_code(task),
        "heard_s": int(task.billed(ended)),
        "note": task.body.get("note", ""),
    }


def _head(task: Task, kind: str, name: str) -> Json:
    return {"event_id": name, "stream_id": task.id, "stream_key": task.key, "kind": kind}
