"""Result items: one object with one or more blocks (``antispam``, ``asr``, …), for polls and pushes alike."""

from __future__ import annotations

from typing import Any

from local.doubles.model import Json
from local.doubles.yidun.evidence import evidences, language, speaker, speech_times, spoken
from local.doubles.yidun.settings import YidunSettings
from local.doubles.yidun.task import Sentence, Task

FAILED_STATUS, SUCCESS_STATUS = 3, 2
MACHINE, HUMAN = 2, 0
RISK_LEVELS = {"PASS": 0, "REVIEW": 2, "REJECT": 4}  # which of 0–4 belongs to which verdict is [I]
OPTIONAL = frozenset(
    (
        *("dataId", "callback", "languageCode", "riskLevel", "riskScore", "censorSource", "url"),
        *("frontSegment", "subLabels", "suggestionLevel", "segmentId", "speakerId", "duration"),
        *("billDuration", "warnCount", "promptCount", "censorAccount", "segments", "details"),
    )
)


def of_sentence(task: Task, sentence: Sentence, settings: YidunSettings) -> list[Json]:
    """One item per block, or one item of all blocks."""
    blocks = _blocks(task, sentence, settings)
    if not blocks:
        return []
    items = [blocks] if settings.blocks_together else [{name: block} for name, block in blocks.items()]
    return [_finished(item, settings) for item in items]


def of_end(task: Task, settings: YidunSettings) -> Json:
    """The last machine item; which fields come together is [I]."""
    antispam = _head(task) | {"status": SUCCESS_STATUS, "finishType": task.finish_type}
    if task.failure is not None:
        antispam |= {"status": FAILED_STATUS, "failureReason": task.failure}
    else:
        ended = task.started if task.ended is None else task.ended
        duration = int(ended - task.started)
        antispam |= {"duration": duration, "billDuration": int(task.billed(ended))}
        if task.sees:
            antispam["picCount"] = int(duration / float(task.form.get("scFrequency") or 5))
    return _finished({"antispam": antispam | {"censorSource": MACHINE}}, settings)


def of_review(task: Task, review: Json, settings: YidunSettings) -> Json:
    """A human action."""
    antispam = _head(task) | {"censorSource": HUMAN, "status": SUCCESS_STATUS, "reviewEvidences": review}
    return _finished({"antispam": antispam}, settings)


def _head(task: Task) -> Json:
    echoed = {name: task.form[name] for name in ("dataId", "callback") if task.form.get(name)}
    return {"taskId": task.id} | echoed


def _blocks(task: Task, sentence: Sentence, settings: YidunSettings) -> Json:
    base = _head(task) | speech_times(task, sentence, settings)
    who = speaker(task, sentence)
    segment = {"segmentId": sentence.segment_id}
    further: Json = {
        "asr": base | who | {"content": sentence.line.text},
        "language": base | segment | who | {"content": language(task)},
        "voice": base | segment | who | VOICE,
        "quality": base | who | {"details": {"silent": not sentence.line.text}},
    }
    if task.wall_product:
        further["quality"] = {"audio": further["quality"]}
    wanted = settings.blocks if spoken(task, sentence.line) else {}
    found = {name: block for name, block in further.items() if wanted.get(name)}
    if settings.passes or sentence.line.risk_level != "PASS":
        return {"antispam": _antispam(task, sentence, settings)} | found
    return found


VOICE = {
    "mainAgeGroup": "adult",
    "mainAgeGroupRate": 0.9,
    "underage": 0,
    "mainGender": "female",
}


def _antispam(task: Task, sentence: Sentence, settings: YidunSettings) -> Json:
    line = sentence.line
    scores = {"PASS": 0, "REVIEW": 50, "REJECT": (850 if line.score is None else line.score) // 10}
    return _head(task) | {
        "censorSource": MACHINE,
        "status": SUCCESS_STATUS,
        "languageCode": language(task),
        "riskLevel": RISK_LEVELS[line.risk_level],
        "riskScore": scores[line.risk_level],
        "evidences": evidences(task, sentence, settings),
    }


def _finished(item: Json, settings: YidunSettings) -> Json:
    if settings.sparse:
        item = _pruned(item)
    if settings.extra_fields:
        item = {name: block | {"unheardOf": {"a": [1]}} for name, block in item.items()}
        item["unheardOfBlock"] = {"taskId": "?"}
    return item


def _pruned(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _pruned(entry) for name, entry in value.items() if name not in OPTIONAL}
    return [_pruned(entry) for entry in value] if isinstance(value, list) else value
