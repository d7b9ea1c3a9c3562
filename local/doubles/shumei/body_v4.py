"""Bodies of callbacks of audio stream V4 (its page, "回调参数")."""

from __future__ import annotations

import copy

from local.doubles.model import Json
from local.doubles.scenario import Line
from local.doubles.shumei.codes import MESSAGES, OK
from local.doubles.shumei.detail import business, clip, head, judged, passed, person, previous, times
from local.doubles.shumei.labels import BY_SOUND
from local.doubles.shumei.segment import Segment, segment_id
from local.doubles.shumei.settings import ShumeiSettings
from local.doubles.shumei.target import numeric_user
from local.doubles.shumei.task import Task


def segment_body(task: Task, segment: Segment, settings: ShumeiSettings) -> Json:
    """One audited segment."""
    name = segment_id(task, segment, settings)
    answer = head(task, name, settings, **{settings.v4_bt_id_key: task.bt_id})
    if settings.v4_request_params == "always":
        answer["requestParams"] = copy.deepcopy(task.data)
    answer["audioDetail"] = _detail(task, segment, settings)
    return answer


def end_body(task: Task, settings: ShumeiSettings) -> Json:
    """The bare task id and ``statCode`` 1; no complete sample of it is published [?]."""
    answer: Json = {"requestId": task.id, settings.v4_bt_id_key: task.bt_id}
    answer |= {"code": OK, "message": MESSAGES[OK], "statCode": 1, "requestParams": copy.deepcopy(task.data)}
    if settings.v4_end_with_audio_detail:
        answer["audioDetail"] = {"riskLevel": task.worst}
    aux: Json = {"streamTime": task.audited(settings.segment_seconds)}
    answer["auxInfo"] = aux if task.error_code is None else {"errorCode": task.error_code} | aux
    return answer


def _detail(task: Task, segment: Segment, settings: ShumeiSettings) -> Json:
    line = segment.worst
    detail = _clips(task, segment, settings) | judged(task, line, segment.text, BY_SOUND)
    both = task.asks("returnPreText") and previous(task)
    detail["audioText"] = segment.before + segment.text if both else segment.text
    detail["riskDetail"]["audioText"] = segment.text
    detail["vadCode"] = 0 if line is None else 1
    detail["businessLabels"] = business(task, line)
    detail["auxInfo"] = times(segment) | person(task, segment) | {"room": task.room} | passed(task)
    tags = _tags(task, line, settings)
    if tags:
        detail["audioTags"] = tags
    if task.target.stream_type == "AGORA" and not task.target.split:
        detail["speakers"] = [
            [{"uid": numeric_user(user), "volume": 200} for user in second] for second in segment.loud
        ]
    return detail | (line.detail if line else {})


def _clips(task: Task, segment: Segment, settings: ShumeiSettings) -> Json:
    """``preAudioUrl`` is one clip of twenty seconds, this segment and the one before."""
    number = segment.number
    clips = {"audioUrl": clip(task, segment, settings, f"{number}.mp3")}
    if task.asks("returnPreAudio") and previous(task) and number > 0 and segment.level != "PASS":
        clips["preAudioUrl"] = clip(task, segment, settings, f"{number - 1}-{number}.mp3")
    return clips


def _tags(task: Task, line: Line | None, settings: ShumeiSettings) -> Json:
    """Singing and language; nobody's sex, age or timbre is in a scenario."""
    if line is None:
        return {}
    found: Json = {"song": int(line.sing)} if "SING" in task.functions else {}
    if "LANGUAGE" in task.functions:
        spoken = {"label": line.language, "probability": 98}
        found["language"] = [spoken] if settings.v4_language_shape == "array" else spoken
    return found
