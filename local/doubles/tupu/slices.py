"""One slice of a stream and what each task says of it: transcription as on its page, the others inferred."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from local.doubles.model import Json
from local.doubles.scenario import Line
from local.doubles.tupu.codes import (
    ACTIONS,
    LABELS,
    MOAN,
    MODERATION,
    NORMAL,
    OWN,
    RANK,
    TRANSCRIPTION,
    VULGAR,
)
from local.doubles.tupu.settings import TupuSettings
from local.doubles.tupu.task import Task

RATES = {"PASS": 0.02, "REVIEW": 0.6, "REJECT": 0.98}
"""Where the script has no score; its scores are of 1000."""
TEXTS = "texts"


@dataclass(frozen=True)
class Slice:
    """About ten seconds. ``starts`` and ``ends`` are Unix seconds, ``begun`` scaled seconds of the task."""

    number: int
    begun: float
    length: float
    ends: float
    lines: tuple[Line, ...] = ()

    @property
    def starts(self) -> float:
        """Unix seconds."""
        return self.ends - self.length

    def lines_of(self, task_id: str) -> list[Line]:
        """What a task judges: the vulgar one sounds, moderation words."""
        if task_id == TRANSCRIPTION:
            return list(self.lines)
        return [line for line in self.lines if (line.risk_type == MOAN) == (task_id == VULGAR)]

    def is_violation(self, task_id: str) -> bool:
        """Whether a task has anything against it."""
        return any(line.risk_level != "PASS" for line in self.lines_of(task_id))

    @property
    def text(self) -> str:
        """What was said."""
        return "，".join(line.text for line in self.lines if line.text)


def results(task: Task, cut: Slice, settings: TupuSettings) -> Json:
    """The results to call back with, by task id; empty when there is nothing to tell."""
    made = {MODERATION: _moderated, VULGAR: _vulgar, TRANSCRIPTION: _transcribed}
    names = {MODERATION: settings.moderation_array, VULGAR: settings.vulgar_array, TRANSCRIPTION: TEXTS}
    return {
        task_id: {names[task_id]: [made[task_id](task, cut, settings)]}
        for task_id in task.tasks
        if task_id in made and _is_told(task, task_id, cut, settings)
    }


def together(several: Iterable[Json]) -> Json:
    """The results of several slices in one content."""
    merged: Json = {}
    for results in several:
        for task_id, arrays in results.items():
            for name, elements in arrays.items():
                merged.setdefault(task_id, {}).setdefault(name, []).extend(elements)
    return merged


def _is_told(task: Task, task_id: str, cut: Slice, settings: TupuSettings) -> bool:
    rules = task.stream.rules
    if rules == 1 or (rules == 2 and settings.rule_2 == "every"):
        return True
    if rules == 2 and settings.rule_2 == "nothing":
        return False
    if task_id == TRANSCRIPTION and settings.plain_text != "violations":
        return settings.plain_text == "text" and bool(cut.text)
    return cut.is_violation(task_id)


def _element(task: Task, cut: Slice, settings: TupuSettings) -> Json:
    """What every element has."""
    s = settings
    element: Json = {}
    if s.with_request_id:
        element["requestId"] = task.id
    if s.echo:
        names = {"forumId": s.forum_field}
        element |= {names.get(name, name): value for name, value in task.stream.echoed.items()}
    element |= {"sliceStartTime": _clock(cut.starts, s), "sliceEndTime": _clock(cut.ends, s)}
    if s.media_base_url:
        element["speechUrl"] = f"{s.media_base_url}/{task.id}/{cut.number}.mp3"
    if s.media_base_url and task.stream.pre_speech and any(x.risk_level != "PASS" for x in cut.lines):
        element[s.pre_speech_field] = f"{s.media_base_url}/{task.id}/{cut.number}-before.mp3"
    if s.seis:
        element["SEIs"] = []
    return element


def _added(cut: Slice) -> Json:
    """What the script adds: ``tupu`` of its lines' ``detail``."""
    found: Json = {}
    for line in cut.lines:
        more = line.detail.get("tupu")
        found |= more if isinstance(more, dict) else {}
    return found


def _transcribed(task: Task, cut: Slice, settings: TupuSettings) -> Json:
    return _element(task, cut, settings) | {"content": cut.text} | _added(cut)


def _moderated(task: Task, cut: Slice, settings: TupuSettings) -> Json:
    lines = cut.lines_of(MODERATION)
    worst = max(lines, key=lambda line: RANK[line.risk_level], default=None)
    level = worst.risk_level if worst else "PASS"
    hits = [line for line in lines if line.risk_level != "PASS"]
    verdict = {
        "content": cut.text,
        "action": ACTIONS[level],
        "label": label_of(worst),
        "review": level == "REVIEW",
        "rate": _rate(worst, settings),
        "details": [_detail(x, settings) for x in hits if x.matched_item or settings.model_details],
    }
    return _element(task, cut, settings) | verdict | _added(cut)


def _vulgar(task: Task, cut: Slice, settings: TupuSettings) -> Json:
    lines = cut.lines_of(VULGAR)
    hits = [line for line in lines if line.risk_level != "PASS"]
    worst = max(lines, key=lambda line: RANK[line.risk_level], default=None)
    number = 1 if hits else 0
    verdict: Json = {
        "label": str(number) if settings.vulgar_label_as == "text" else number,
        "review": bool(worst and worst.risk_level == "REVIEW"),
        "details": [_sound(cut, line, settings) for line in hits],
    }
    return _element(task, cut, settings) | verdict | _added(cut)


def _sound(cut: Slice, line: Line, settings: TupuSettings) -> Json:
    """Seconds count from the start of the stream, as with files [I]; the script knows no shorter piece."""
    times = {"startTime": round(cut.begun, 3), "endTime": round(cut.begun + cut.length, 3)}
    return times | {"label": 1, "rate": _rate(line, settings)}


def _detail(line: Line, settings: TupuSettings) -> Json:
    return {
        settings.keyword_field: line.matched_item or "",
        "hint": line.text,
        "mainLabel": label_of(line),
        "subLabel": "",
    }


def label_of(line: Line | None) -> str:
    """Tupu's word for a line; a number that has none is sent as it is."""
    if line is None or line.risk_level == "PASS":
        return NORMAL
    return OWN if line.risk_type is None else LABELS.get(line.risk_type, str(line.risk_type))


def _rate(line: Line | None, settings: TupuSettings) -> Any:
    if settings.rate_as == "null":
        return None
    level = line.risk_level if line else "PASS"
    rate = line.score / 1000 if line and line.score is not None else RATES[level]
    return str(rate) if settings.rate_as == "text" else rate


def _clock(unix: float, settings: TupuSettings) -> str:
    """Wall clock without a zone, as in the example."""
    moment = datetime.fromtimestamp(unix, UTC) + timedelta(hours=settings.zone_hours)
    return moment.strftime("%Y-%m-%d %H:%M:%S")
