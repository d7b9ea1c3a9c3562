"""What the bodies of V4 audio and V4 video have in common: verdicts, words, times, people."""

from __future__ import annotations

import copy
from typing import Any

from local.doubles.model import Json
from local.doubles.scenario import Line
from local.doubles.shumei import labels
from local.doubles.shumei.codes import MESSAGES, OK
from local.doubles.shumei.segment import Segment, wall_text
from local.doubles.shumei.settings import ShumeiSettings
from local.doubles.shumei.target import numeric_user
from local.doubles.shumei.task import Task


def head(task: Task, request_id: str, settings: ShumeiSettings, **more: Any) -> Json:
    """``requestId``, what follows it, code, message, and ``statCode`` 0 where the end is told too."""
    answer: Json = {"requestId": request_id} | more | {"code": OK, "message": MESSAGES[OK]}
    if settings.v4_stat_code_always or task.asks("returnFinishInfo"):
        answer["statCode"] = 0
    return answer


def passed(task: Task) -> Json:
    """``passThrough``, if there was one."""
    extra = task.data.get("extra") or {}
    return {"passThrough": copy.deepcopy(extra["passThrough"])} if "passThrough" in extra else {}


def judged(task: Task, line: Line | None, text: str, otherwise: int) -> Json:
    """Level, labels, ``riskDetail`` (whatever is in ``text`` is the caller's to name) and ``allLabels``."""
    found = labels.verdict(line, task.language)
    every = labels.labels(line, task.language)
    detail: Json = {"riskSource": labels.source(line, otherwise)}
    hit = labels.matched(line, text)
    if hit:
        detail["matchedLists"] = hit
    found["riskDetail"] = detail
    found["allLabels"] = [every] if labels.risk_type(line) else []
    return found


def processed(ends: float) -> Json:
    """``beginProcessTime`` and ``finishProcessTime`` after the end of a slice or the instant of a frame."""
    milliseconds = round(ends * 1000)
    return {"beginProcessTime": milliseconds + 120, "finishProcessTime": milliseconds + 980}


def times(segment: Segment, snake: bool = False) -> Json:
    """When a slice was, in wall-clock text, and when it was judged."""
    names = ("audio_starttime", "audio_endtime") if snake else ("audioStartTime", "audioEndTime")
    return dict(zip(names, (wall_text(segment.starts), wall_text(segment.ends)), strict=True)) | processed(
        segment.ends
    )


def person(task: Task, segment: Segment) -> Json:
    """Who it was, where streams are audited one by one: ``userId`` for AGORA, else ``strUserId``."""
    if not task.target.split or segment.user is None:
        return {}
    if task.target.stream_type == "AGORA":
        return {"userId": numeric_user(segment.user)}
    return {"strUserId": segment.user}


def business(task: Task, line: Line | None) -> list[Json]:
    """Business labels that a scenario can tell of: singing and minors."""
    if line is None:
        return []
    found = []
    if "SING" in task.functions and line.sing:
        found.append({"businessLabel1": "sing", "businessDescription": "唱歌"})
    if "MINOR" in task.functions and line.risk_type == labels.MINOR:
        found.append({"businessLabel1": "minor", "businessDescription": "未成年人"})
    return found


def clip(task: Task, segment: Segment, settings: ShumeiSettings, last: str) -> str:
    """Address of a clip or a frame."""
    parts = (settings.media_base_url, task.id, segment.stream, last)
    return "/".join(part for part in parts if part)


def previous(task: Task) -> bool:
    """Whether anything of the previous segment may be returned: as in v2, not TRTC, not interval auditing [I]."""
    return task.target.stream_type != "TRTC" and task.step == 1
