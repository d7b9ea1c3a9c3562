"""What the machine says of one sentence (``evidences``)."""

from __future__ import annotations

from local.doubles.model import Json
from local.doubles.scenario import Line
from local.doubles.yidun.codes import FLIRTING, LABELS, MOAN, OTHER, SUB_LABELS
from local.doubles.yidun.settings import YidunSettings
from local.doubles.yidun.task import Sentence, Task

SUGGESTIONS = {"PASS": 0, "REVIEW": 1, "REJECT": 2}
LOW_SUSPICION = 1
UNSURE_RATE, DEFAULT_SCORE = 0.5, 850


def evidences(task: Task, sentence: Sentence, settings: YidunSettings) -> Json:
    """Flat for live audio; the solution has ``audio`` and ``video``."""
    if not task.wall_product:
        return _audio(task, sentence, settings)
    found: Json = {}
    if spoken(task, sentence.line):
        found["audio"] = _audio(task, sentence, settings)
    if task.sees and "video" in sentence.line.detail:
        found["video"] = _video(task, sentence, settings)
    return found


def makes_sentence(task: Task, line: Line) -> bool:
    """Whether a line is anything to judge: sound without words and without a hit is not (``sing``)."""
    seen = task.sees and "video" in line.detail
    return seen or (task.hears(line.speaker) and spoken(task, line))


def milliseconds(task: Task, second: float, settings: YidunSettings) -> int:
    """A second of the task, as results say it: epoch (ahead of real time when scaled) or relative."""
    return round((second + (task.wall if settings.times == "epoch" else 0)) * 1000)


def speech_times(task: Task, sentence: Sentence, settings: YidunSettings) -> Json:
    """Bounds of a sentence."""
    return {
        "startTime": milliseconds(task, sentence.starts, settings),
        "endTime": milliseconds(task, sentence.ends, settings),
    }


def speaker(task: Task, sentence: Sentence) -> Json:
    """Who spoke: for SDK listening only."""
    return {"speakerId": sentence.line.speaker} if task.address.platform else {}


def language(task: Task) -> str:
    """Of every sentence alike."""
    return task.form.get("checkLanguageCode") or "zh"


def clip(task: Task, name: str, settings: YidunSettings) -> Json:
    """The address of a piece of audio; it must be enabled by Yidun."""
    base = settings.media_base_url
    return {"url": f"{base}/{task.id}/{name}.mp3"} if base else {}


def label_of(line: Line) -> int:
    """First-level label."""
    if line.risk_level == "PASS":
        return 0
    return OTHER if line.risk_type is None else LABELS.get(line.risk_type, line.risk_type)


def spoken(task: Task, line: Line) -> bool:
    """Whether there is anything to hear and somebody who hears it."""
    return task.listens and bool(line.text or line.risk_level != "PASS")


def _audio(task: Task, sentence: Sentence, settings: YidunSettings) -> Json:
    line = sentence.line
    found: Json = {"suggestion": SUGGESTIONS[line.risk_level], "label": label_of(line)}
    if line.risk_level == "REVIEW":
        found["suggestionLevel"] = LOW_SUSPICION
    found |= speech_times(task, sentence, settings) | {"content": line.text} | speaker(task, sentence)
    found |= {"segmentId": sentence.segment_id} | clip(task, sentence.segment_id, settings)
    if line.risk_level != "PASS":
        name = f"{sentence.segment_id}-front"
        found["frontSegment"] = {"content": sentence.before} | clip(task, name, settings)
    return found | {"labels": _labels(line, settings)}


def _labels(line: Line, settings: YidunSettings) -> list[Json]:
    if line.risk_level == "PASS":
        return []
    sure = line.risk_level == "REJECT"
    rate = (DEFAULT_SCORE if line.score is None else line.score) / 1000 if sure else UNSURE_RATE
    label = label_of(line)
    sub = FLIRTING if line.risk_type == MOAN else SUB_LABELS.get(label)
    details = {"keywords": [_keyword(line, settings)]} if line.matched_item else {}
    below = [] if sub is None else [{"subLabel": sub, "rate": rate, "details": details}]
    return [{"label": label, "level": 2 if sure else 1, "rate": rate, "subLabels": below}]


def _keyword(line: Line, settings: YidunSettings) -> Json:
    return {
        "word": line.matched_item,
        "strategyGroupId": 77 if settings.group_id_as_number else "77",
        "strategyGroupName": line.matched_list or "",
    }


def _video(task: Task, sentence: Sentence, settings: YidunSettings) -> Json:
    """A picture; the script's ``detail.video`` overrides ``evidence`` and ``labels``."""
    said = sentence.line.detail["video"]
    times = speech_times(task, sentence, settings)
    evidence = {
        "suggestion": SUGGESTIONS[sentence.line.risk_level],
        "type": 1,
        "url": f"{settings.media_base_url}/{task.id}/{sentence.number}.jpg",
        "beginTime": times["startTime"],
        "endTime": times["endTime"],
        "pictureId": f"pic-{sentence.number:04d}",
        "frontPics": [],
    }
    evidence |= said.get("evidence", {})
    return {"evidence": evidence | speaker(task, sentence), "labels": said.get("labels", [])}
