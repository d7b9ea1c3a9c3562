"""Bodies of segment callbacks (page "智能音频流识别产品API文档", "回调参数")."""

from __future__ import annotations

import copy
from typing import Any

from local.doubles.model import Json
from local.doubles.scenario import Line
from local.doubles.shumei.codes import MESSAGES, OK, RISKS
from local.doubles.shumei.segment import Segment, segment_id, wall_text
from local.doubles.shumei.settings import ShumeiSettings
from local.doubles.shumei.target import numeric_user
from local.doubles.shumei.task import Task

MINOR = 520
NO_RISK, BY_TEXT, BY_SOUND = 1000, 1001, 1003


def body(task: Task, segment: Segment, settings: ShumeiSettings) -> Json:
    """The whole callback."""
    line = segment.worst
    answer: Json = {"code": OK, "message": MESSAGES[OK], "requestId": segment_id(task, segment, settings)}
    if line and line.risk_level == "REJECT":
        answer["score"] = 850 if line.score is None else line.score
    answer["riskLevel"] = segment.level
    if task.asks("returnFinishInfo"):
        answer["statCode"] = 0  # "回调参数增加statCode状态码"
    answer["detail"] = (
        _times(segment)
        | _clips(task, segment, settings)
        | _words(task, segment, settings)
        | _risk(task, line)
        | _person(task, segment, settings)
        | {"room": task.room, "requestParams": copy.deepcopy(task.data), "vadCode": 0 if line is None else 1}
        | (line.detail if line else {})
    )
    return answer


def end_body(task: Task, settings: ShumeiSettings) -> Json:
    """The bare task id and ``statCode`` 1; the exact body is not documented for audio [?]."""
    answer: Json = {"code": OK, "message": MESSAGES[OK], "requestId": task.id}
    if settings.end_with_risk_level:
        answer["riskLevel"] = task.worst
    answer["statCode"] = 1
    if settings.end_with_detail:
        answer["detail"] = {"requestParams": copy.deepcopy(task.data)}
    aux: Json = {"streamTime": task.audited(settings.segment_seconds)}
    # There is no code for a normal end [D]: absent, not zero.
    answer["auxInfo"] = aux if task.error_code is None else {"errorCode": task.error_code} | aux
    return answer


def _times(segment: Segment) -> Json:
    milliseconds = round(segment.ends * 1000)
    return {
        "beginProcessTime": milliseconds + 120,
        "finishProcessTime": milliseconds + 980,
        "audio_starttime": wall_text(segment.starts),
        "audio_endtime": wall_text(segment.ends),
    }


def _previous(task: Task) -> bool:
    """Whether anything of the previous segment may be returned: not TRTC, not interval auditing [S]."""
    return task.target.stream_type != "TRTC" and task.step == 1


def _clips(task: Task, segment: Segment, settings: ShumeiSettings) -> Json:
    name = "/".join(part for part in (settings.media_base_url, task.id, segment.stream) if part)
    clips = {"audioUrl": f"{name}/{segment.number}.mp3"}
    if task.asks("returnPreAudio") and _previous(task) and segment.number > 0 and segment.level != "PASS":
        clips["preAudioUrl"] = f"{name}/{segment.number - 1}.mp3"
    return clips


def _words(task: Task, segment: Segment, settings: ShumeiSettings) -> Json:
    words = {"audioText": segment.text}
    if task.asks("returnPreText") and _previous(task):
        words["content"] = segment.before + segment.text
    elif settings.content_without_pre_text or task.asks("returnPreText"):
        words["content"] = segment.text
    return words


def _risk(task: Task, line: Line | None) -> Json:
    number = _risk_type(line)
    desc = line.risk_desc if line and line.risk_desc else RISKS.get(number, RISKS[700])
    found: Json = {
        "description": desc,
        "descriptionV2": desc,
        "hits": [],
        "model": "M1000" if number == 0 else "M1020_20",
        "riskSource": _source(line),
        "businessLabels": [],
    }
    if line is None:
        return found  # silence: no riskType [S]
    found |= {"riskType": number, "riskTypeDesc": desc}
    if number:
        found["hits"] = [
            {"riskType": number, "riskLevel": line.risk_level, "description": desc, "model": "M1020_20"}
        ]
    found |= {
        key: v for key, v in (("matchedItem", line.matched_item), ("matchedList", line.matched_list)) if v
    }
    if "MINOR" in task.functions and number == MINOR:
        found["minorLabel"] = 1
    return found | _business(task, line)


def _risk_type(line: Line | None) -> int:
    if line is None or line.risk_type is None:
        return 0 if line is None or line.risk_level == "PASS" else 700
    return line.risk_type


def _source(line: Line | None) -> int:
    if line is None or line.risk_level == "PASS":
        return NO_RISK
    return line.risk_source or (BY_TEXT if line.text else BY_SOUND)


def _business(task: Task, line: Line) -> Json:
    found: Json = {}
    if "SING" in task.functions:
        found["isSing"] = int(line.sing)
        if line.sing:
            found["businessLabels"] = [{"businessLabel1": "sing", "businessDescription": "唱歌"}]
    if "LANGUAGE" in task.functions:
        found["language"] = [{"label": line.language, "confidence": 98}]
    return found


def _person(task: Task, segment: Segment, settings: ShumeiSettings) -> dict[str, Any]:
    """Who spoke, in split mode only. Seed: strUserId for TRTC; today: for all but AGORA (userId)."""
    kind = task.target.stream_type
    if kind == "AGORA" and not task.target.split:
        return {
            "speakers": [[{"uid": numeric_user(u), "volume": 200} for u in second] for second in segment.loud]
        }
    if not task.target.split or segment.user is None:
        return {}
    if kind == "AGORA":
        return {"userId": numeric_user(segment.user)}
    if kind == "TRTC" or settings.dialect == "current":
        return {"strUserId": segment.user}
    return {}
